import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { $, type ProcessPromise } from 'zx';
import { findNpm } from '../native/find-npm.mjs';

const root = dirname(import.meta.dirname);
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How a command of npm's ended, and what it printed at its end. */
export interface NpmRun {
  code: number | null;
  /** The last line of its output that is not blank. */
  last: string;
  /** Its last lines: more than its stages and failures take. */
  lines: string[];
  /** The last line on stderr; empty on a terminal, which it writes to itself. */
  said: string;
  durationMs: number;
}

const mostLines = 5000;

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
    // A terminal is handed on, for its line of status.
    const stderr = process.stderr.isTTY ? 'inherit' : 'pipe';
    const shell = $({ cwd: root, quiet: true, nothrow: true, prefix: 'exec ', stdio: ['ignore', 'pipe', stderr] });
    const running = shell`${process.execPath} ${findNpm(process.env)} ${args}`;
    this.#running = running;
    const begun = performance.now();
    const run: NpmRun = { code: null, last: '', lines: [], said: '', durationMs: 0 };
    if (stderr === 'pipe') {
      running.stderr.pipe(process.stderr, { end: false });
      createInterface(running.stderr).on('line', (line) => {
        run.said = line.trim() || run.said;
      });
    }
    for await (const line of running) {
      onLine(line);
      run.last = line.trim() || run.last;
      run.lines.push(line);
      if (run.lines.length > mostLines) run.lines.shift();
    }
    this.#running = undefined;
    return { ...run, code: (await running).exitCode, durationMs: performance.now() - begun };
  }

  [Symbol.dispose](): void {
    for (const name of signals) process.off(name, this.#stop);
  }
}
