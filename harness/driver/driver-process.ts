import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import type { DriverCommand } from './driver-child.ts';
import { DriverDeath, DriverSession } from './driver-session.ts';
import { type Patience, patience } from './owed-line.ts';
import type { HelloMessage, RunMessage } from './protocol.ts';

export interface DriverProcessOptions extends DriverCommand {
  /** The driver's whole environment: nothing is inherited. */
  env: Record<string, string>;
  /** Default: the host's. */
  cwd?: string;
  /** Default: 60,000. Importing the Python SDK on a busy machine takes seconds. */
  helloTimeoutMs?: number;
  /** How long it may be silent in a run. Default: `patience`. */
  patience?: Patience;
  /** How long `close` waits for the driver to react to `exit`. Default: 5,000. */
  closeGraceMs?: number;
}

export interface RunOptions {
  /** Stops the driver; `run` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /**
   * After this the driver counts as hung and is stopped, however much it writes. Default: `runBudgetMs` of the scenario. A driver that writes nothing is
   * stopped earlier: each line that it owes has its own time.
   */
  timeoutMs?: number;
}

export interface RunOutcome {
  /**
   * `done`: observed to its end. `failed`: the driver reports that it is broken. `died`: it exited, or was stopped,
   * during the run.
   */
  outcome: 'done' | 'died' | 'failed';
  /** Something of the run still hung in the driver, which has been replaced. */
  tainted: boolean;
  /** What the driver reported about itself. */
  notes: string[];
  /** For `died`: it was stopped because it wrote nothing. */
  silent?: true;
  /** For `died` and `failed`: what happened, in one sentence. */
  message?: string;
  /** For `died` and `failed`: the end of the driver's stderr. Otherwise empty. */
  stderrTail: string;
}

/** The longest time that a driver may take: opening, every step up to its deadline, closing. */
export function runBudgetMs(scenario: Pick<Scenario, 'steps' | 'deadlineMs'>): number {
  const deadlineMs = scenario.deadlineMs ?? patience.stepMs;
  return Math.max(deadlineMs, patience.openingMs) + scenario.steps.length * deadlineMs + patience.closingMs;
}

/**
 * The host's side of one driver (docs/driver-protocol.md): started on first use, one run at a time, restarted after a
 * death, a failure or a taint. Always `close` it.
 */
export class DriverProcess {
  readonly #options: DriverProcessOptions;
  #session: DriverSession | undefined;
  #running = false;
  #closed = false;

  constructor(options: DriverProcessOptions) {
    this.#options = options;
  }

  /** The end of what the driver has written to stderr. */
  get stderrTail(): string {
    return this.#session?.stderrTail ?? '';
  }

  /** The driver's hello; starts it if it is not running. Rejects with DriverDeath if there is none. */
  start(): Promise<HelloMessage> {
    return this.#living().hello;
  }

  /**
   * Performs one run; `onLine` receives each line as it arrives. A driver's misbehaviour is an outcome. Rejects only
   * with the signal's reason, with what `onLine` threw, or if a run is in progress or the driver is closed.
   */
  async run(
    message: RunMessage,
    onLine: (line: ObservationLine) => void,
    options: RunOptions = {},
  ): Promise<RunOutcome> {
    const { signal, timeoutMs = runBudgetMs(message.scenario) } = options;
    signal?.throwIfAborted();
    if (this.#running) throw new Error(`driver ${this.#options.client}: run ${message.run} while another is under way`);
    const session = this.#living();
    this.#running = true;
    const abort = () => void session.kill();
    signal?.addEventListener('abort', abort);
    try {
      await session.hello;
      const end = await session.run(message, onLine, { timeoutMs, patience: this.#options.patience ?? patience });
      if (end.type === 'done') {
        if (end.tainted) await session.kill();
        return { outcome: 'done', tainted: end.tainted === true, notes: end.notes ?? [], stderrTail: '' };
      }
      await session.kill();
      const text = `driver ${this.#options.client} failed: ${end.message}`;
      return { outcome: 'failed', tainted: true, notes: [], message: text, stderrTail: session.stderrTail };
    } catch (error) {
      await session.kill();
      signal?.throwIfAborted();
      if (!(error instanceof DriverDeath)) throw error;
      const silent = error.silent && { silent: true as const };
      const { message: text } = error;
      return { outcome: 'died', tainted: true, notes: [], ...silent, message: text, stderrTail: session.stderrTail };
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#running = false;
    }
  }

  /**
   * Stops the driver: at once during a run, otherwise with `exit`. Resolves when its process is gone. May be called
   * twice.
   */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running) await this.#session?.kill();
    else await this.#session?.end(this.#options.closeGraceMs ?? 5_000);
  }

  #living(): DriverSession {
    const { client, unnamed = false, file, args, env, cwd, helloTimeoutMs = 60_000 } = this.#options;
    if (this.#closed) throw new Error(`driver ${client} is closed`);
    if (!this.#session?.alive) {
      this.#session = new DriverSession({ client, unnamed, file, args }, env, cwd, helloTimeoutMs);
    }
    return this.#session;
  }
}
