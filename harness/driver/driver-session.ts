import { readJson } from '../../testing/json/read-json.ts';
import { timed } from '../observation/observation-file.ts';
import type { ObservationLine } from '../observation/types.ts';
import { DriverChild, type DriverCommand } from './driver-child.ts';
import {
  type DoneMessage,
  driverProtocolVersion,
  type FailedMessage,
  type FromDriver,
  type HelloMessage,
  type RunMessage,
} from './protocol.ts';

/**
 * The driver's process is gone, or was stopped because of what it did. The message names the driver and what happened.
 */
export class DriverDeath extends Error {
  override readonly name = 'DriverDeath';
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
    this.hello = this.#converse<HelloMessage>(helloTimeoutMs, `said no hello within ${helloTimeoutMs} ms`, (settle) => {
      this.#receive = (message) => settle(requireHello(message, command.client));
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
   * stopped.
   */
  run(
    message: RunMessage,
    onLine: (line: ObservationLine) => void,
    timeoutMs: number,
  ): Promise<DoneMessage | FailedMessage> {
    const silence = `said neither done nor failed within ${timeoutMs} ms`;
    return this.#converse(timeoutMs, silence, (settle, reject) => {
      this.#receive = (received) => {
        if (received.type === 'hello') throw new DriverProtocolError('said a second hello');
        if (received.run !== message.run) {
          throw new DriverProtocolError(`wrote a ${received.type} of run ${received.run} in run ${message.run}`);
        }
        if (received.type !== 'line') return settle(received);
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

  /** One exchange. It ends when it settles, when the driver dies, or after `timeoutMs`, which stops the driver. */
  async #converse<T>(
    timeoutMs: number,
    silence: string,
    begin: (settle: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> {
    const timer = setTimeout(() => this.#die(`${silence}, and was ended`), timeoutMs);
    try {
      return await new Promise<T>((resolve, reject) => {
        const settle = (value: T) => {
          // Now, not when the promise is awaited: the next line may be in the same chunk.
          this.#receive = refuse;
          resolve(value);
        };
        void this.#death.then(reject);
        begin(settle, reject);
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
      this.#die(error instanceof Error ? error.message : String(error), error);
    }
  }

  #die(what: string, cause?: unknown): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#child.kill();
    const death = new DriverDeath(`driver ${this.#client} ${what}`, cause === undefined ? {} : { cause });
    // After the process is gone, when its stderr is complete.
    void this.#child.gone.then(() => this.#tellDeath(death));
  }
}

function refuse(message: FromDriver): never {
  throw new DriverProtocolError(`wrote ${message.type} when no run was under way`);
}

const types = ['hello', 'line', 'done', 'failed'];

/** A driver wrote something that is not part of the protocol, or at a time when it may not. */
class DriverProtocolError extends Error {
  override readonly name = 'DriverProtocolError';
}

/** Parses one line of a driver's stdout. Throws DriverProtocolError with the start of the line. */
export function parseDriverMessage(line: string): FromDriver {
  let message: unknown;
  try {
    message = readJson(line);
  } catch (cause) {
    throw new DriverProtocolError(`wrote to stdout what is not JSON: ${quote(line)}`, { cause });
  }
  const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  if (typeof type !== 'string' || !types.includes(type)) {
    throw new DriverProtocolError(`wrote a message of no known type (${types.join(', ')}): ${quote(line)}`);
  }
  if (type !== 'hello' && typeof (message as { run?: unknown }).run !== 'string') {
    throw new DriverProtocolError(`wrote a ${type} without its run: ${quote(line)}`);
  }
  const said = message as FromDriver;
  return said.type === 'line' ? { ...said, line: timed(said.line) } : said;
}

/** Throws DriverProtocolError unless the first message is this client's hello. */
function requireHello(message: FromDriver, client: string): HelloMessage {
  if (message.type !== 'hello')
    throw new DriverProtocolError(`wrote the wrong first message: expected hello, got ${message.type}`);
  if (message.protocol !== driverProtocolVersion) {
    throw new DriverProtocolError(
      `speaks another protocol: expected ${driverProtocolVersion}, got ${message.protocol}`,
    );
  }
  if (message.client !== client)
    throw new DriverProtocolError(`is another client: expected ${client}, got ${message.client}`);
  return message;
}

function quote(line: string): string {
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
