import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setImmediate } from '../host/real-timers.ts';

/** A program to start, without a shell. */
export interface Launch {
  command: string;
  args: string[];
  cwd: string | undefined;
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
  /** Whether it gets a process group of its own, which a terminal's Ctrl-C does not reach. */
  detached: boolean;
}

/**
 * Resolves when the program runs.
 * @throws the platform's error if it could not be started
 */
export function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject);
    // Node has told by then which of the two it is. The stand-in that a program's tests put in its place may tell neither.
    setImmediate(resolve);
  });
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
