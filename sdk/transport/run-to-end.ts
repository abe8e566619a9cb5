import type { Readable } from 'node:stream';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { isSocket, type Launch } from './launch.ts';
import { endWithHost } from './live-processes.ts';
import { StderrTail } from './stderr-tail.ts';

/**
 * Runs a program to its end without input, and discards its output. It does not keep the host running by itself.
 * @throws Error if it cannot be started, exits with a code other than 0, or not within `timeoutMs`; or if `signal`
 * fires. The program is then dead.
 */
export async function runToEnd(
  { command, args, cwd, env, detached }: Launch,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { spawn } = await import('node:child_process');
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, detached, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    // Not `close`: a grandchild may hold the pipe forever.
    child.once('error', reject).once('exit', (...end) => resolve(end));
  });
  const kill = () => {
    // Wait for its end even if the host has nothing else to do, because there is something to clean up after it.
    child.ref();
    child.kill('SIGKILL');
  };
  const takeOffList = endWithHost({ child, close: async () => kill() });
  const stderr = new StderrTail();
  // If no file descriptor is left there is no pipe either, whatever the types say; the error follows a moment later.
  const pipe: Readable | undefined = child.stderr;
  pipe?.on('data', (chunk: Buffer) => stderr.push(chunk));
  if (pipe && isSocket(pipe)) pipe.unref();
  child.unref();
  let late = false;
  const stopTimer = startDeadline(timeoutMs, undefined, () => {
    late = true;
    kill();
  });
  const stopListening = onAbort(signal, kill);
  try {
    const [code, killedBy] = await ended;
    signal.throwIfAborted();
    if (late) throw new Error(`${command} did not end within ${timeoutMs} ms`);
    if (code !== 0)
      throw new Error(`${command} ended with ${killedBy ?? `exit code ${code}`}. stderr_tail=${stderr.quote}`);
  } finally {
    stopTimer();
    stopListening();
    pipe?.destroy();
    takeOffList();
  }
}
