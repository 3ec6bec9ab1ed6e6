import { AsyncLocalStorage } from 'node:async_hooks'

/** What is being done: it stands in every log line that is written meanwhile, and names slow statements. */
export interface Task {
  /** An operationId of the API, or the name of a background task; from lists in the code, for it becomes a label of metrics. */
  question: string
  /** Id of the job of a queue. */
  job?: string
}

const current = new AsyncLocalStorage<Task>()

/** Runs `work` as the task; what it starts and awaits belongs to it too. */
export const runTask = <T>(task: Task, work: () => T): T => current.run(task, work)

export const currentTask = (): Task | undefined => current.getStore()
