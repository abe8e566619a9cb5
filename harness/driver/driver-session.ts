import type { ObservationLine } from '../observation/types.ts';
import { DriverChild, type DriverCommand } from './driver-child.ts';
import { OwedLine, type Patience } from './owed-line.ts';
import { DriverProtocolError, parseDriverMessage, requireHello } from './parse-message.ts';
import type { DoneMessage, FailedMessage, FromDriver, HelloMessage, RunMessage } from './protocol.ts';

/**
 * The driver's process is gone, or was stopped because of what it did. The message names the driver and what happened.
 */
export class DriverDeath extends Error {
  override readonly name = 'DriverDeath';
  /** It was stopped because it wrote nothing. */
  readonly silent: boolean;

  constructor(message: string, { silent = false, cause }: { silent?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.silent = silent;
  }
}

/** One process of a driver from its start to its end, and the conversation with it. */
export class DriverSession {
  /** Rejects with DriverDeath if the driver sends none in time, sends another client's, or exits. */
  readonly hello: Promise<HelloMessage>;
  readonly #client: string;
  readonly #child: DriverChild;
  readonly #death: Promise<DriverDeath>;
  #tellDeath: (death: DriverDeath) => void = () => undefined;
  #alive = true;
  #receive: (message: FromDriver) => void;

  constructor(command: DriverCommand, env: Record<string, string>, cwd: string | undefined, helloTimeoutMs: number) {
    this.#client = command.client;
    this.#receive = refuse;
    this.#death = new Promise((resolve) => {
      this.#tellDeath = resolve;
    });
    this.#child = new DriverChild(command, env, cwd, {
      line: (line) => this.#line(line),
      gone: (how) => this.#die(how),
    });
    this.hello = this.#converse<HelloMessage>((settle, _reject, wait) => {
      wait(helloTimeoutMs, () => `said no hello within ${helloTimeoutMs} ms`);
      this.#receive = (message) => settle(requireHello(message, command.unnamed === true ? undefined : command.client));
    });
    // Nobody may be waiting when a driver is stopped while it starts.
    this.hello.catch(() => undefined);
  }

  get alive(): boolean {
    return this.#alive;
  }

  get stderrTail(): string {
    return this.#child.stderrTail;
  }

  /**
   * Sends a run and passes on its lines. Rejects with DriverDeath, or with what `onLine` threw; the driver is then
   * stopped, as it is when it owes a line for longer than it may.
   */
  run(
    message: RunMessage,
    onLine: (line: ObservationLine) => void,
    { timeoutMs, patience }: { timeoutMs: number; patience: Patience },
  ): Promise<DoneMessage | FailedMessage> {
    const ends = performance.now() + timeoutMs;
    const owed = new OwedLine(message.scenario, patience);
    return this.#converse((settle, reject, wait) => {
      const waitForNext = () => {
        const { line, withinMs } = owed.owed;
        const left = Math.max(0, ends - performance.now());
        if (left <= withinMs) return wait(left, () => `said neither done nor failed within ${timeoutMs} ms`);
        return wait(withinMs, () => `wrote nothing for ${withinMs} ms: expected ${line}${this.#unfinished}`);
      };
      waitForNext();
      this.#receive = (received) => {
        if (received.type === 'hello') throw new DriverProtocolError('said a second hello');
        if (received.run !== message.run) {
          throw new DriverProtocolError(`wrote a ${received.type} of run ${received.run} in run ${message.run}`);
        }
        if (received.type !== 'line') return settle(received);
        owed.take(received.line);
        waitForNext();
        try {
          onLine({ t: received.t, ...received.line });
        } catch (error) {
          reject(error);
          this.#die('was ended, because its line could not be taken');
        }
      };
      this.#child.send(message);
    });
  }

  /** Kills the process at once; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#die('was ended by the harness');
    await this.#child.gone;
  }

  /** Asks the driver to exit, and kills it after `graceMs`. Resolves when it is gone. */
  async end(graceMs: number): Promise<void> {
    await this.#child.end(graceMs);
  }

  /** What it has written of a line, for a message; nothing where it has ended its last one. */
  get #unfinished(): string {
    const { unfinished } = this.#child;
    return unfinished === '' ? '' : `, got part of a line, without its line feed: ${quote(unfinished)}`;
  }

  /**
   * One exchange. It ends when it settles, when the driver dies, or when what it waits for has taken too long, which stops the driver. A new wait takes the
   * place of the one before.
   */
  async #converse<T>(
    begin: (
      settle: (value: T) => void,
      reject: (error: unknown) => void,
      wait: (ms: number, silence: () => string) => void,
    ) => void,
  ): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const wait = (ms: number, silence: () => string) => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#die(`${silence()}, and was ended`, { silent: true }), ms);
    };
    try {
      return await new Promise<T>((resolve, reject) => {
        const settle = (value: T) => {
          // Now, not when the promise is awaited: the next line may be in the same chunk.
          this.#receive = refuse;
          resolve(value);
        };
        void this.#death.then(reject);
        begin(settle, reject, wait);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #line(line: string): void {
    if (!this.#alive) return;
    try {
      this.#receive(parseDriverMessage(line));
    } catch (error) {
      this.#die(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  #die(what: string, why: { silent?: boolean; cause?: unknown } = {}): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#child.kill();
    const death = new DriverDeath(`driver ${this.#client} ${what}`, why);
    // After the process is gone, when its stderr is complete.
    void this.#child.gone.then(() => this.#tellDeath(death));
  }
}

function refuse(message: FromDriver): never {
  throw new DriverProtocolError(`wrote ${message.type} when no run was under way`);
}

const quote = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
