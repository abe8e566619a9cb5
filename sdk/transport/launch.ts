import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setImmediate } from '../host/real-timers.ts';

/** A program to start, without a shell. */
export interface Launch {
  command: string;
  args: string[];
  cwd: string | undefined;
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
  /** Whether it gets its own process group, which Ctrl-C in a terminal does not reach. */
  detached: boolean;
  /** Awaited before each start, which it prevents by throwing. */
  check?: () => Promise<void>;
}

/**
 * Resolves when the program is running.
 * @throws the platform's error if it could not be started
 */
export function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject);
    // By then Node has reported which of the two it is. A mock that a program's tests use instead may report neither.
    setImmediate(resolve);
  });
}

/** Whether a pipe can hold the program, unlike the ordinary stream that a program's tests put in its place. */
export function isSocket(pipe: object): pipe is Socket {
  return 'unref' in pipe;
}

/** What the system's own message about a failed start leaves out; appended to it. */
export function launchHint(
  { command, cwd }: Pick<Launch, 'command' | 'cwd'>,
  platform: NodeJS.Platform = process.platform,
): string {
  // A missing working directory looks like a missing program.
  if (cwd !== undefined && !existsSync(cwd)) return `: the working directory ${cwd} does not exist`;
  if (platform === 'win32' && /\.(?:cmd|bat)$/i.test(command))
    return ': Node starts no .cmd or .bat file; give the codex.exe that it calls';
  return '';
}
