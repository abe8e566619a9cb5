import { dirname } from 'node:path';
import { $, type ProcessPromise } from 'zx';
import { findNpm } from '../native/find-npm.mjs';

const root = dirname(import.meta.dirname);
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How a command of npm's ended, and the last line that it printed. */
export interface NpmRun {
  code: number | null;
  last: string;
}

/**
 * Runs commands of npm's, one after the other, each line of their output handed on. A signal to this process goes to the one that runs, which ends in
 * order, and no other begins.
 */
export class NpmRuns implements Disposable {
  #running: ProcessPromise | undefined;
  #stopped = false;
  readonly #stop = (name: NodeJS.Signals) => {
    this.#stopped = true;
    this.#running?.child?.kill(name);
  };

  constructor() {
    for (const name of signals) process.on(name, this.#stop);
  }

  /** Whether a signal has come. */
  get stopped(): boolean {
    return this.#stopped;
  }

  async run(args: readonly string[], onLine: (line: string) => void): Promise<NpmRun> {
    // `exec`: the shell becomes the program, so that a signal reaches it.
    const shell = $({ cwd: root, quiet: true, nothrow: true, prefix: 'exec ', stdio: ['ignore', 'pipe', 'inherit'] });
    const running = shell`${process.execPath} ${findNpm(process.env)} ${args}`;
    this.#running = running;
    let last = '';
    for await (const line of running) {
      onLine(line);
      if (line.trim() !== '') last = line.trim();
    }
    this.#running = undefined;
    return { code: (await running).exitCode, last };
  }

  [Symbol.dispose](): void {
    for (const name of signals) process.off(name, this.#stop);
  }
}
