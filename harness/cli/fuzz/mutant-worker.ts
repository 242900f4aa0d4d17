// A worker of the crew that searches mutants: takes a trial as a message, posts what came of it.
import { parentPort, workerData } from 'node:worker_threads'
import { answerWith } from '../mutants/crew.ts'
import type { Project } from '../project/project.ts'
import { searchMutant, type MutantTrial } from './mutant-trial.ts'

// The data comes from the thread that started this one, by structured clone.
const project: Project = workerData

parentPort?.on('message', (trial: MutantTrial) => answerWith(searchMutant(trial, project)))
