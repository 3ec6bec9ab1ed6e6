// A thread begins without the loader of the process, and Node 20 reads no TypeScript.
import { register } from 'tsx/esm/api'

register()
await import('./read-inputs.ts')
