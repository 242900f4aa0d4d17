// Ends a family of processes when this process is killed and cannot do it itself.
import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import process from 'node:process'

/**
 * Its input ends when this process does, however that came about. Then it kills the group that it was told, and, where
 * /proc exists, whoever has `$0` in the environment.
 */
const script = `
trap '' HUP INT TERM
read -r group
read -r _
if [ -n "$group" ]; then kill -s KILL -- "-$group"; fi
for one in /proc/[0-9]*; do
  if grep -qzxF -- "$0" "$one/environ"; then kill -s KILL "\${one#/proc/}"; fi
done`

/** A shell in a session of its own, which waits. Begun before the family, so that there is no moment without it. */
export class Guard {
  private readonly waiting: ChildProcess

  /** `mark` is a setting `NAME=VALUE` in the environment of the family. */
  constructor(mark: string) {
    this.waiting = spawn('sh', ['-c', script, mark], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      // Nothing of this process' own mark, if it is an adapter itself.
      env: { PATH: process.env['PATH'] },
    })
    // Without a guard all is as well as long as this process lives.
    this.waiting.on('error', () => undefined)
    const { stdin } = this.waiting
    stdin?.on('error', () => undefined)
    if (stdin instanceof Socket) stdin.unref()
    this.waiting.unref()
  }

  /** The family is this process group. */
  watch(group: number): void {
    this.waiting.stdin?.write(`${group}\n`)
  }

  /** The family has ended. */
  dismiss(): void {
    this.waiting.kill('SIGKILL')
  }
}
