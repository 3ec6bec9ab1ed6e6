import { Command } from 'commander'

/** Each command is loaded only when it is called: `ruadar parse` needs neither database nor server. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  parse: async () => (await import('./parse.ts')).parseCommand(),
  import: async () => (await import('./import/command.ts')).importCommand(),
  token: async () => (await import('./token.ts')).tokenCommand(),
  doctor: async () => (await import('./doctor/command.ts')).doctorCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  move: async () => (await import('./move.ts')).moveCommand(),
  reprocess: async () => (await import('./reprocess.ts')).reprocessCommand(),
  retention: async () => (await import('./retention.ts')).retentionCommand(),
  forget: async () => (await import('./forget.ts')).forgetCommand(),
  verify: async () => (await import('./verify/command.ts')).verifyCommand(),
}

const program = new Command('ruadar').description(
  'The address behind rua= and ruf=: reads DMARC reports and shows who sends as your domain.',
)
const wanted = commands[process.argv[2] ?? '']
for (const load of wanted ? [wanted] : Object.values(commands)) program.addCommand(await load())
await program.parseAsync()
