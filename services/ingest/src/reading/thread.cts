import type { ReadManyResult, ReadManyTask, ReadTask } from './messages.ts' with { 'resolution-mode': 'import' }

// CommonJS on purpose. The pool loads this file with `require`: of an ES module, Node would load the whole reader in one synchronous
// step, and a thread that is stopped in the middle of it (Ctrl-C right after a start) aborts the whole process.
module.exports = {
  async readOne(task: ReadTask): Promise<void> {
    const reader = await import('./reader.ts')
    await reader.readOne(task)
  },
  async readMany(task: ReadManyTask): Promise<ReadManyResult> {
    const reader = await import('./reader.ts')
    return reader.readMany(task)
  },
}
