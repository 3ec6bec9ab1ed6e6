import type { ReadTask } from './messages.ts' with { 'resolution-mode': 'import' }

// CommonJS on purpose. The pool loads this file with `require`: of an ES module, Node would load the whole reader in one synchronous
// step, and a thread that is stopped in the middle of it (Ctrl-C right after a start) aborts the whole process.
module.exports = async (task: ReadTask): Promise<void> => {
  const { default: read } = await import('./reader.ts')
  await read(task)
}
