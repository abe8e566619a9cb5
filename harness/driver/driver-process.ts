import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import type { DriverCommand } from './driver-child.ts';
import { DriverDeath, DriverSession } from './driver-session.ts';
import type { HelloMessage, RunMessage } from './protocol.ts';

export interface DriverProcessOptions extends DriverCommand {
  /** The driver's whole environment: nothing of the host's is added. */
  env: Record<string, string>;
  /** Default: the host's. */
  cwd?: string;
  /** Default 60,000: importing the Python SDK on a busy machine takes seconds. */
  helloTimeoutMs?: number;
  /** How long `close` waits for the driver to heed `exit`. Default 5,000. */
  closeGraceMs?: number;
}

export interface RunOptions {
  /** Ends the driver; `run` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /**
   * After this the driver counts as hung and is ended. Default: `runBudgetMs` of the scenario. A driver ends every run by
   * itself, at the deadlines of the steps; this is for one whose own clock stands still.
   */
  timeoutMs?: number;
}

export interface RunOutcome {
  /** `done`: observed to its end. `failed`: the driver says that it is broken. `died`: it ended, or was ended, in mid-run. */
  outcome: 'done' | 'died' | 'failed';
  /** Something of the run still hung in the driver, which has been replaced. */
  tainted: boolean;
  /** What the driver said of itself. */
  notes: string[];
  /** For `died` and `failed`: what happened, in one sentence. */
  message?: string;
  /** For `died` and `failed`: the last of the driver's stderr. Else empty. */
  stderrTail: string;
}

const openingMs = 20_000;
const closingMs = 30_000;

/** The longest that a driver may take: opening, every step up to its deadline, closing. */
export function runBudgetMs(scenario: Pick<Scenario, 'steps' | 'deadlineMs'>): number {
  const deadlineMs = scenario.deadlineMs ?? 20_000;
  return Math.max(deadlineMs, openingMs) + scenario.steps.length * deadlineMs + closingMs;
}

/**
 * The host's side of one driver (docs/driver-protocol.md): started when first needed, one run at a time, started anew after a
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

  /** The driver's hello; starts it where it is not running. Rejects with DriverDeath when there is none. */
  start(): Promise<HelloMessage> {
    return this.#living().hello;
  }

  /**
   * Perform one run; `onLine` gets each line as it comes. What a driver does wrong is an outcome; rejects only with the
   * signal's reason, with what `onLine` threw, and when a run is under way or the driver is closed.
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
      const end = await session.run(message, onLine, timeoutMs);
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
      return { outcome: 'died', tainted: true, notes: [], message: error.message, stderrTail: session.stderrTail };
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#running = false;
    }
  }

  /** End the driver: at once in mid-run, else by `exit`. Resolves when its process is gone. May be called again. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running) await this.#session?.kill();
    else await this.#session?.end(this.#options.closeGraceMs ?? 5_000);
  }

  #living(): DriverSession {
    const { client, file, args, env, cwd, helloTimeoutMs = 60_000 } = this.#options;
    if (this.#closed) throw new Error(`driver ${client} is closed`);
    if (!this.#session?.alive) this.#session = new DriverSession({ client, file, args }, env, cwd, helloTimeoutMs);
    return this.#session;
  }
}
