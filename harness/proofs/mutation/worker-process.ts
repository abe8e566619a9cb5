import { execa } from 'execa';
import { baseEnv } from '../../engine/cell-env.ts';
import type { WorkDone, WorkerOptions, WorkOrder } from './types.ts';

/** Far beyond all deadlines of a run: only an endless loop reaches it. */
const silenceMs = 30_000;

const start = (file: string, options: WorkerOptions, signal: AbortSignal) =>
  execa(process.execPath, ['--expose-gc', '--enable-source-maps=false', file, JSON.stringify(options)], {
    env: baseEnv(),
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    ipc: true,
    reject: false,
    cleanup: true,
    serialization: 'advanced',
    cancelSignal: signal,
    forceKillAfterDelay: 1000,
  });

/**
 * One process that runs orders with the mutated SDK, one after the other. It is restarted if a run has left something
 * in it.
 */
export class WorkerProcess {
  readonly #file: string;
  readonly #options: WorkerOptions;
  readonly #signal: AbortSignal;
  /** In an object, because the child is also a promise of its exit. */
  #running: { child: ReturnType<typeof start>; ready: Promise<unknown> } | undefined;

  /** @param file the program (`bundle-worker.ts`) */
  constructor(file: string, options: WorkerOptions, signal: AbortSignal) {
    this.#file = file;
    this.#options = options;
    this.#signal = signal;
  }

  /**
   * Runs an order. A worker that dies or falls silent also gives a result: `failure`, and `endless` if it fell silent.
   * Rejects if the signal aborts.
   */
  async perform(order: WorkOrder): Promise<WorkDone> {
    this.#signal.throwIfAborted();
    const { child, ready } = this.#living();
    await ready;
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<WorkDone>((resolve) => {
      timer = setTimeout(resolve, silenceMs, {
        failure: `silent for ${silenceMs} ms`,
        failedBy: 'client',
        endless: true,
        tainted: true,
      });
    });
    const done = await Promise.race([this.#exchange(child, order), silent]);
    clearTimeout(timer);
    this.#signal.throwIfAborted();
    if (done.tainted) await this.close();
    return done;
  }

  /** Stops the process; resolves when it is gone. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.child.kill('SIGKILL');
    await running?.child;
  }

  #living() {
    if (this.#running !== undefined) return this.#running;
    const child = start(this.#file, this.#options, this.#signal);
    const ready = new Promise((resolve) => child.once('message', resolve).once('exit', resolve));
    this.#running = { child, ready };
    return this.#running;
  }

  async #exchange(child: ReturnType<typeof start>, order: WorkOrder): Promise<WorkDone> {
    const answer = new Promise<WorkDone>((resolve) =>
      child.once('message', (message) => resolve(message as unknown as WorkDone)),
    );
    const dead = child.then(
      ({ exitCode, signal, stderr }): WorkDone => ({
        failure: `the worker ended with ${signal ?? exitCode}: ${stderr.slice(-2000)}`,
        // It runs our SDK, and nothing else that changes from run to run.
        failedBy: 'client',
        endless: false,
        tainted: true,
      }),
    );
    // The result shows whether it could be sent.
    child.send(order, () => undefined);
    return Promise.race([answer, dead]);
  }
}
