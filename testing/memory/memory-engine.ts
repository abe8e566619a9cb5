import { expectedGot } from '../../native/expected-got.mjs';
import { showCallers } from '../../sdk/errors/callers-line.ts';
import { type CallHook, takesHooks } from '../../sdk/hooks/options.ts';
import { currentContext } from '../../sdk/host/context.ts';
import {
  Codex,
  type CodexConfig,
  JsonRpcError,
  memoryTransport,
  type Transport,
  type TransportFactory,
} from '../../sdk/index.ts';
import { clientRequestMethods } from '../../sdk/protocol/index.ts';
import { isObject } from '../../sdk/rpc/is-object.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { writeJson } from '../json/write-json.ts';
import { didYouMean } from '../nearest.ts';
import { type Ask, defaultHandlers, type Emit, type MemoryContext, type MemoryHandlers, sayTurn } from './handlers.ts';
import { type SentMessage, SentMessages } from './sent-messages.ts';

/** An engine within this process: it starts no program, writes nothing, and answers in microseconds. */
export interface MemoryEngine {
  /** Pass it to `new Codex({ transport })`; `codex()` does this for you. */
  readonly transport: TransportFactory;
  /** Everything the client has sent, in order. */
  readonly sent: readonly SentMessage[];
  /** Returns a client of this engine; `close()` and `finish()` close it. */
  codex(config?: CodexConfig): Codex;
  /**
   * Waits for the client's nth request or notification of this method (from 1) and returns its params. @throws Error if
   * the client closes first
   */
  received(method: string, n?: number): Promise<JsonObject>;
  /** Sends a notification. @throws Error if no client has connected */
  emit: Emit;
  /**
   * Sends a server request and resolves to the client's result. @throws JsonRpcError if the client answers with an
   * error; Error if it closes first
   */
  ask: Ask;
  /**
   * Calls the client's `hooks` for an event, as an engine does: each in turn, within its time, and with the safe answer if one
   * fails. Resolves to the first answer, or undefined. @throws Error if no client with hooks has connected
   */
  hook: CallHook;
  /** Ends the connection as an engine crash would: every waiting call fails with TransportClosedError. */
  die(): void;
  /** Closes the clients. @throws Error if a client called a method without a handler */
  finish(): Promise<void>;
  /** Closes the clients. May be called twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * An engine made of functions, one for each method, for tests of your program's own logic. It answers `initialize` by
 * itself, and every request about threads, accounts and models with something plain. A `turn/start` handler that returns a text plays a whole turn with that
 * message. Any other method without a handler is refused with -32600, and `finish()` reports it.
 * ```ts
 * import { memoryEngine } from 'twinproof/testing';
 *
 * await using engine = memoryEngine({ 'turn/start': ({ input }) => `${input.length} parts` });
 * const thread = await engine.codex().threadStart();
 * const { finalResponse } = await thread.run('Review this.');
 * ```
 */
export function memoryEngine(handlers: MemoryHandlers = {}): MemoryEngine {
  checkHandlers(handlers);
  const all = { ...defaultHandlers(), ...handlers } as Record<string, AnyHandler | undefined>;
  const sent = new SentMessages();
  const clients: Codex[] = [];
  const unhandled: string[] = [];
  const asked = new Map<number, { resolve(result: unknown): void; reject(cause: Error): void }>();
  let peer: ReturnType<typeof memoryTransport>['peer'] | undefined;
  let turns = 0;

  const send = (message: object) => {
    if (peer === undefined || peer.closed)
      throw new Error(
        expectedGot('sending from memoryEngine', 'a connected client', 'none', 'Let your program connect first'),
      );
    peer.send(writeJson(message));
  };
  const emit = ((method: string, params: object = {}) => send({ method, params })) as Emit;
  let asks = 0;
  const ask = (async (method: string, params: object = {}) => {
    const id = asks;
    asks += 1;
    return await new Promise((resolve, reject) => {
      asked.set(id, { resolve, reject });
      send({ id, method, params });
    });
  }) as Ask;

  let callHook: CallHook | undefined;
  const hook: CallHook = async (event, request) => {
    if (callHook) return await callHook(event, request);
    const advice = 'Give `engine.codex()` the option hooks, and let your program connect first';
    throw new Error(expectedGot(`calling the hook ${event} from memoryEngine`, 'a client with hooks', 'none', advice));
  };

  const answer = async (id: JsonValue, method: string, params: JsonValue | undefined) => {
    const reply = (content: object) => {
      if (peer && !peer.closed) send({ id, ...content });
    };
    const handler = Object.hasOwn(all, method) ? all[method] : undefined;
    if (handler === undefined) {
      unhandled.push(method);
      return reply({ error: { code: -32600, message: `memoryEngine has no handler for ${method}` } });
    }
    try {
      const result = await handler(params, { emit, ask, hook });
      if (method !== 'turn/start' || typeof result !== 'string') return reply({ result: result ?? {} });
      turns += 1;
      const turnId = `turn-${turns}`;
      const threadId = isObject(params) ? String(params.threadId) : '';
      reply({ result: { turn: { id: turnId, items: [], status: 'inProgress', error: null } } });
      if (peer && !peer.closed) sayTurn(emit, threadId, turnId, result);
    } catch (error) {
      if (error instanceof JsonRpcError) {
        const data = error.data === undefined ? {} : { data: error.data };
        return reply({ error: { code: error.code, message: error.rpcMessage, ...data } });
      }
      reply({ error: { code: -32603, message: error instanceof Error ? error.message : String(error) } });
    }
  };

  const hear = (message: SentMessage) => {
    sent.add(message);
    const { id, method, params, result, error } = message;
    if (typeof method !== 'string') {
      const question = asked.get(Number(id));
      asked.delete(Number(id));
      if (isObject(error)) question?.reject(new JsonRpcError(Number(error.code), String(error.message), error.data));
      else question?.resolve(result);
      return;
    }
    if (id !== undefined) void answer(id, method, params);
  };

  // An engine knows nothing of the asynchronous context that a request comes from.
  const own = currentContext();
  const connect = (): Transport => {
    const made = memoryTransport();
    peer = made.peer;
    const { open, close, send: pass, setKeepsAlive } = made.transport;
    return {
      open,
      setKeepsAlive,
      send(line) {
        pass(line);
        // Received after the client's own call is over, as from a pipe.
        void Promise.resolve(JSON.parse(line) as SentMessage).then((message) => own(() => hear(message)));
      },
      async close() {
        await close();
        for (const { reject } of asked.values())
          reject(new Error('memoryEngine: the client closed before it answered'));
        asked.clear();
        sent.close();
      },
    };
  };

  const transport: TransportFactory = Object.assign(connect, {
    [takesHooks]: (call: CallHook) => {
      callHook = call;
    },
  });

  const close = async () => {
    await Promise.all(clients.map((client) => client.close()));
  };
  return showCallers({
    transport,
    sent: sent.all,
    emit,
    ask,
    hook,
    close,
    codex(config: CodexConfig = {}) {
      const client = new Codex({ transport, ...config });
      clients.push(client);
      return client;
    },
    received: async (method: string, n = 1) => await sent.wait(method, n),
    die: () => peer?.end(),
    async finish() {
      await close();
      if (unhandled.length === 0) return;
      const methods = [...new Set(unhandled)].join(', ');
      throw new Error(expectedGot('finishing memoryEngine', 'a handler for every request', `none for ${methods}`));
    },
    [Symbol.asyncDispose]: close,
  });
}

/** A mistyped method would never be called. @throws TypeError that names the nearest one */
function checkHandlers(handlers: object): void {
  const known = Object.keys(clientRequestMethods);
  for (const [method, handler] of Object.entries(handlers)) {
    if (handler !== undefined && typeof handler !== 'function')
      throw new TypeError(expectedGot(`reading the handler of ${method}`, 'a function', typeof handler));
    // A method that the contract does not have is fine, unless it looks like one that it has.
    const meant = Object.hasOwn(clientRequestMethods, method) ? '' : didYouMean(method, known);
    if (meant !== '')
      throw new TypeError(
        expectedGot('reading the handlers of memoryEngine', 'methods of the protocol', `${method}${meant}`),
      );
  }
}

type AnyHandler = (params: unknown, context: MemoryContext) => unknown;
