#!/usr/bin/env bash
# The tests start real servers and a real browser. On Debian and Ubuntu what is missing is installed, when we may.
# No test uses a service that the system runs: each starts its own, on free ports of loopback.
set -euo pipefail
PATH="$PATH:/usr/sbin:/usr/local/sbin"

found() { for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done; return 1; }

missing=()
found redis-server || missing+=(redis-server)
found dovecot || missing+=(dovecot-imapd)
found chromium chromium-browser google-chrome || missing+=(chromium)
found openssl || missing+=(openssl)
found pgbouncer || missing+=(pgbouncer)
found faketime || missing+=(faketime)
if [ ${#missing[@]} -eq 0 ]; then
  echo 'redis-server, dovecot, chromium, openssl, pgbouncer and faketime are here'
  exit 0
fi

may=()
[ "$(id -u)" -eq 0 ] || may=(sudo -n)
if ! command -v apt-get >/dev/null || ! "${may[@]}" true 2>/dev/null; then
  echo "The tests need ${missing[*]} (names of Debian's packages): install them, then run this again." >&2
  exit 1
fi
echo "installing ${missing[*]}"
# RUNLEVEL=1: the packages' scripts then start no service.
quietly=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1)
"${may[@]}" "${quietly[@]}" apt-get update -qq
"${may[@]}" "${quietly[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
