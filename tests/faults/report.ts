import type { Reporter, TestModule } from 'vitest/node'

/** Prints what was injected and what was counted afterwards, a line for each fault. */
export default class FaultReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules
      .flatMap((module) => [...module.children.allTests()])
      .flatMap((test) => {
        const { fault } = test.meta()
        if (!fault) return []
        const { injected, mails, messages, counted } = fault
        return [
          `${String(injected).padStart(5)} ${String(mails).padStart(7)} ${String(messages).padStart(10)} ${String(counted).padStart(10)}  ${test.fullName}`,
        ]
      })
    if (lines.length === 0) return
    process.stdout.write(`\ntimes   mails   reported    counted  fault\n${lines.join('\n')}\n`)
  }
}
