import { execa } from 'execa';
import { readJson } from '../../../testing/json/read-json.ts';
import { writeJson } from '../../../testing/json/write-json.ts';
import { baseEnv } from '../../engine/cell-env.ts';
import type { WorkDone, WorkerOptions, WorkOrder } from './types.ts';

/** Far beyond all deadlines of a run of our client: only an endless loop reaches it. */
const defaultSilenceMs = 30_000;

/** How a worker ended that gave no result. */
export interface NoResult {
  failure: string;
  /** It fell silent. */
  endless: boolean;
  /** It never got as far as taking an order. */
  unready: boolean;
}

const start = (file: string, options: object, signal: AbortSignal) =>
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

/** One process that runs orders with our SDK, one after the other. It is restarted if a run has left something in it. */
export class WorkerProcess<Order, Done extends { tainted: boolean }> {
  readonly #file: string;
  readonly #options: object;
  readonly #signal: AbortSignal;
  readonly #without: (how: NoResult) => Done;
  readonly #silenceMs: number;
  /** In an object, because the child is also a promise of its exit. */
  #running: { child: ReturnType<typeof start>; ready: Promise<unknown> } | undefined;

  /**
   * @param file the program (`bundle-worker.ts`)
   * @param options as JSON on its command line
   * @param without the result of an order whose worker dies or falls silent
   * @param silenceMs longer than an order can take
   */
  constructor(
    file: string,
    options: object,
    signal: AbortSignal,
    without: (how: NoResult) => Done,
    silenceMs = defaultSilenceMs,
  ) {
    this.#file = file;
    this.#options = options;
    this.#signal = signal;
    this.#without = without;
    this.#silenceMs = silenceMs;
  }

  /** Starts the process, if it does not run; resolves once it takes orders, or is gone. */
  async warm(): Promise<void> {
    if (!this.#signal.aborted) await this.#living().ready;
  }

  /** Runs an order. Rejects if the signal aborts. */
  async perform(order: Order): Promise<Done> {
    this.#signal.throwIfAborted();
    const { child, ready } = this.#living();
    const unready = (await ready) === 'exit';
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<Done>((resolve) => {
      const failure = `silent for ${this.#silenceMs} ms`;
      timer = setTimeout(() => resolve(this.#without({ failure, endless: true, unready })), this.#silenceMs);
    });
    const done = await Promise.race([this.#exchange(child, order, unready), silent]);
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
    const ready = new Promise((resolve) =>
      child.once('message', () => resolve('ready')).once('exit', () => resolve('exit')),
    );
    this.#running = { child, ready };
    return this.#running;
  }

  async #exchange(child: ReturnType<typeof start>, order: Order, unready: boolean): Promise<Done> {
    const answer = new Promise<Done>((resolve) =>
      child.once('message', (message) =>
        resolve((typeof message === 'string' ? readJson(message) : message) as unknown as Done),
      ),
    );
    const dead = child.then(({ exitCode, signal, stderr }) => {
      const failure = `the worker ended with ${signal ?? exitCode}: ${stderr.slice(-2000)}`;
      return this.#without({ failure, endless: false, unready });
    });
    // The result shows whether it could be sent.
    child.send(writeJson(order), () => undefined);
    return Promise.race([answer, dead]);
  }
}

/** A worker that runs mutants. */
export type MutationWorker = WorkerProcess<WorkOrder, WorkDone>;

/** @param file the program (`bundle-worker.ts`) */
export const mutationWorker = (file: string, options: WorkerOptions, signal: AbortSignal): MutationWorker =>
  // It runs our SDK, and nothing else that changes from run to run.
  new WorkerProcess(file, options, signal, ({ failure, endless }) => ({
    failure,
    endless,
    failedBy: 'client',
    tainted: true,
  }));
