// A worker of the crew that tries mutants: takes a trial as a message, posts its findings.
import { parentPort, workerData } from 'node:worker_threads'
import { answerWith } from './crew.ts'
import type { Project } from '../project/project.ts'
import { tryOut, type Trial } from './trial.ts'

/** What every worker is given when it starts. */
export interface TrialShare {
  readonly project: Project
  readonly seed: number
}

// The data comes from the thread that started this one, by structured clone.
const { project, seed }: TrialShare = workerData

parentPort?.on('message', (trial: Trial) => answerWith(tryOut(trial, project, seed)))
