// A worker of the crew that searches mutants: takes a trial as a message, posts what came of it.
import { parentPort, workerData } from 'node:worker_threads'
import type { Project } from '../project.ts'
import { searchMutant, type MutantTrial } from './mutant-trial.ts'

// The data comes from the thread that started this one, by structured clone.
const project: Project = workerData

parentPort?.on('message', (trial: MutantTrial) => {
  searchMutant(trial, project).then(
    (answer) => parentPort?.postMessage({ answer }),
    (thrown: unknown) =>
      parentPort?.postMessage({ failed: thrown instanceof Error ? (thrown.stack ?? '') : String(thrown) }),
  )
})
