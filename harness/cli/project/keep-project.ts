// Run by the build: reads the project's files once, for all commands to come. Files with mistakes are left to the commands.
import { forgetProject, keepProject } from './kept-project.ts'
import { readProject } from './project.ts'

const project = readProject()
if ('trouble' in project) forgetProject()
else keepProject(project)
