#!/bin/sh
# Makes the files that docker-compose.yml reads secrets from, once; what exists already is left alone.
# The folder is closed to others, the files are readable because the containers' users are not yours.
set -eu
cd "$(dirname "$0")/.."
mkdir -p -m 700 secrets
chmod 700 secrets
cd secrets
if [ ! -e postgres-password ]; then
  openssl rand -hex 24 >postgres-password
  echo "postgres://ruadar:$(cat postgres-password)@postgres:5432/ruadar" >database-url
fi
[ -e secret-key ] || openssl rand -hex 32 >secret-key
# Empty: no mailbox from the settings; write imaps://user:password@host/INBOX into it, or add mailboxes on the page.
[ -e imap-url ] || : >imap-url
chmod 644 postgres-password database-url secret-key imap-url
echo 'secrets/ is ready.'
