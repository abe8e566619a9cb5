import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import { readJson } from '../../../testing/json/read-json.ts';
import { writeJson } from '../../../testing/json/write-json.ts';
import type { Answerer, ObservedEvent } from '../ts/adapter.ts';

/** Names of the protocol's error codes, as in every SDK. */
const classOfCode: Record<number, string> = {
  [-32700]: 'ParseError',
  [-32600]: 'InvalidRequestError',
  [-32601]: 'MethodNotFoundError',
  [-32602]: 'InvalidParamsError',
  [-32603]: 'InternalRpcError',
};

/** The server's own range has a class too. */
const classOf = (code: number): string =>
  classOfCode[code] ?? (code >= -32099 && code <= -32000 ? 'CodexRpcError' : 'JsonRpcError');

/** The engine answered with an error. */
export class BareRpcError extends Error {
  readonly code: number;
  readonly data: JsonValue | undefined;

  constructor(error: { code: number; message: string; data?: JsonValue }) {
    super(`JSON-RPC error ${error.code}: ${error.message}`);
    this.name = classOf(error.code);
    this.code = error.code;
    this.data = error.data;
  }
}

export interface BareOptions {
  codexBin: string;
  cwd?: string;
  env?: Record<string, string>;
  /** Answers the engine's requests. */
  answer?: Answerer;
  /** Default: true. */
  experimentalApi?: boolean;
  /** `false`: the scenario sends `initialize` itself or does without it. Default: true. */
  initialize?: boolean;
}

interface Waiter {
  resolve(value: JsonValue): void;
  reject(error: Error): void;
}

/**
 * JSON-RPC over the engine's stdio and nothing else: no SDK, no threads or turns. It records the goldens for what the
 * Python SDK cannot express. In `initialize` it uses the Python SDK's name, so that the one ledger entry about names
 * applies to its goldens too.
 */
export class BareClient {
  readonly #options: BareOptions;
  /** What the engine reports without being asked. */
  readonly feed = new BareFeed();
  readonly #waiting = new Map<string, Waiter>();
  #child: ChildProcessWithoutNullStreams | undefined;
  #rest = '';

  constructor(options: BareOptions) {
    this.#options = options;
  }

  async connect(): Promise<void> {
    const { codexBin, cwd, env } = this.#options;
    const child = spawn(codexBin, ['app-server', '--listen', 'stdio://'], { cwd, env: { ...process.env, ...env } });
    this.#child = child;
    child.stdin.on('error', () => undefined); // A dead engine shows as the end of its output.
    child.stderr.resume();
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.once('close', () => this.#end());
    await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error as Error))]);
    if (this.#options.initialize === false) return;
    await this.request('initialize', {
      clientInfo: { name: 'codex_python_sdk', title: 'Codex Python SDK', version: '0.163.0' },
      capabilities: { experimentalApi: this.#options.experimentalApi ?? true },
    });
    this.#write({ method: 'initialized' });
  }

  /**
   * Sends any method; omit `params` if the method has none. Rejects with BareRpcError if the engine answers with an
   * error.
   */
  request(method: string, params?: JsonObject): Promise<JsonValue> {
    const id = randomUUID();
    const answer = new Promise<JsonValue>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#write({ id, method, ...(params !== undefined && { params }) });
    return answer;
  }

  /** Sends any JSON as one line and waits for nothing: for what the engine leaves unanswered. */
  send(message: JsonValue): void {
    this.#write(message);
  }

  /** Stops the engine: end of input, SIGTERM, and SIGKILL after two seconds. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.stdin.end();
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 2000);
    await gone;
    clearTimeout(force);
  }

  #write(message: JsonValue): void {
    if (this.#child === undefined) throw new Error('the engine is not running');
    this.#child.stdin.write(`${writeJson(message)}\n`);
  }

  #read(text: string): void {
    const rows = (this.#rest + text).split('\n');
    this.#rest = rows.pop() ?? '';
    for (const row of rows) this.#message(readJson(row) as JsonObject);
  }

  #message(message: JsonObject): void {
    if (message.method !== undefined) {
      if (message.id !== undefined) void this.#answer(message.id, String(message.method), message.params ?? null);
      else this.feed.push(String(message.method), message.params);
      return;
    }
    const waiter = this.#waiting.get(String(message.id));
    this.#waiting.delete(String(message.id));
    if (message.error !== undefined)
      waiter?.reject(new BareRpcError(message.error as unknown as { code: number; message: string }));
    else waiter?.resolve(message.result ?? null);
  }

  /** A request of the engine must not wait forever; without an SDK there is nobody else to answer. */
  async #answer(id: JsonValue, method: string, params: JsonValue): Promise<void> {
    const refusal = { error: { code: -32601, message: 'not answered by a bare client' } };
    const answer = await this.#options.answer?.({ method, params }).catch(() => undefined);
    if (this.#child !== undefined) this.#write({ id, ...(answer ?? refusal) });
  }

  #end(): void {
    const gone = new Error('the engine closed its output');
    this.feed.fail(gone);
    for (const waiter of this.#waiting.values()) waiter.reject(gone);
    this.#waiting.clear();
  }
}

/** In an SDK, notifications of a turn or a login attempt have their own consumers and are not in the common stream. */
function isOwned({ method, payload }: ObservedEvent): boolean {
  if (method === 'account/login/completed') return typeof payload.loginId === 'string';
  return typeof payload.turnId === 'string' || 'turn' in payload;
}

/**
 * The engine's notifications, kept from the first one on: a stream that starts late also gets those that came before
 * it.
 */
export class BareFeed {
  readonly #told: ObservedEvent[] = [];
  #wake: (() => void)[] = [];
  #failure: Error | undefined;

  push(method: string, params: JsonValue | undefined): void {
    const payload = isObject(params) ? params : {};
    this.#told.push({ method, payload, known: true });
    this.#ring();
  }

  /** The connection is gone: every stream yields what came before, then fails. */
  fail(error: Error): void {
    this.#failure = error;
    this.#ring();
  }

  /** All of them, from the first one on. */
  async *events(): AsyncGenerator<ObservedEvent, void, void> {
    for (let next = 0; ; ) {
      const event = this.#told[next];
      if (event !== undefined) {
        next += 1;
        yield event;
      } else if (this.#failure !== undefined) throw this.#failure;
      else await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Those that belong to no turn and no login, as in an SDK's common stream. */
  async *notifications(): AsyncGenerator<ObservedEvent, void, void> {
    for await (const event of this.events()) if (!isOwned(event)) yield event;
  }

  /** The end of a turn, even if it ended before anyone asked. */
  async turnCompleted(turnId: string): Promise<JsonObject> {
    for await (const { method, payload } of this.events()) {
      const { turn } = payload;
      if (method !== 'turn/completed' || !isObject(turn)) continue;
      if (turn.id === turnId) return payload;
    }
    throw new Error(`waiting for the end of turn ${turnId}: the engine closed its output`);
  }

  #ring(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }
}
