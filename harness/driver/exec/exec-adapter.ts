import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import { type ClientOf, capabilitiesOf } from '../../clients/clients.ts';
import type { ClientIdentity } from '../../observation/types.ts';
import { execEvents, execItems } from '../../scenario/exec-names.ts';
import type { RunMessage } from '../protocol.ts';
import type { BuiltArguments, ClientAdapter, ObservedEvent } from '../ts/adapter.ts';
import { DriverFailure } from '../ts/failures.ts';
import { camelCase } from '../ts/names.ts';
import type { HoldingClient } from '../ts/rest-watch.ts';
import { useRunEnvironment } from '../ts/run-environment.ts';
import type { ExecCodex, ExecModule, ExecThread, ExecTurn } from './exec-module.ts';
import type { EngineStart, ExecServer } from './exec-server.ts';

export interface ExecClient {
  id: ClientOf<'exec'>;
  version: string;
  clientInfo: ClientIdentity;
  module: ExecModule;
  holding?: HoldingClient;
}

/**
 * A TypeScript exec SDK, for the step interpreter. Operations and options have the official SDK's names in Python's
 * spelling.
 */
export function execAdapter({ id, version, clientInfo, module, holding }: ExecClient): ClientAdapter {
  return {
    id,
    version,
    clientInfo,
    ...(holding && { holding }),
    capabilities: capabilitiesOf(id),
    prepare,
    create({ codex_bin, cwd, ...options }) {
      const make = (more: BuiltArguments) =>
        new module.Codex({
          ...(codex_bin !== undefined && { codexPathOverride: codex_bin }),
          ...camelKeys(options),
          ...more,
        });
      const client = make({});
      const engine = { codexBin: codex_bin, cwd, env: options.env } as EngineStart;
      servers.set(client, { engine, make, started: [] });
      return client;
    },
    // There is nothing to connect to: each run starts its own engine.
    connect: () => Promise.resolve(),
    attribute: (owner, name) => (owner as Record<string, unknown>)[camelCase(name)],
    call: (owner, name, args, signal) => {
      // In Python these are methods; here they need no client.
      if (name === 'login_with_auth_json') return module.Codex.loginWithAuthJson?.(camelKeys(args));
      if (name === 'install') return module.Codex.install?.(camelKeys(args));
      if (name === 'listen') return listening(owner as ExecCodex, args);
      return call(owner, name, args, signal);
    },
    close: async (value) => {
      if (isStream(value)) await value.return?.();
    },
    async dispose(client) {
      for (const server of servers.get(client as ExecCodex)?.started ?? [])
        await (await server.catch(() => undefined))?.close();
    },
    isStream,
    event: (item) => execEvent(item as JsonValue),
    result,
    isRetryable: (error) => error instanceof Error && 'retryable' in error && error.retryable === true,
    enumMember(className, member) {
      throw new DriverFailure(`$enum ${className}.${member}: the exec SDKs have no enums; write the wire value`);
    },
    instance(className, fields) {
      if (className in notOfJson) return notOfJson[className];
      if (className !== 'AbortSignal') throw new DriverFailure(`$new: the exec SDKs have no class ${className}`);
      return fields.aborted === true ? AbortSignal.abort(fields.reason) : new AbortController().signal;
    },
  };
}

/** Engines that listen, for the runs of a client: each ends after the run. */
const servers = new WeakMap<ExecCodex, Servers>();
interface Servers {
  engine: EngineStart;
  make(options: BuiltArguments): ExecCodex;
  started: Promise<ExecServer>[];
}

/** Starts an engine that listens beside the client; loaded with its first use. */
function listening(client: ExecCodex, args: BuiltArguments): Promise<ExecServer> {
  const of = servers.get(client);
  if (!of) throw new DriverFailure('codex.listen: only the first client starts engines that listen');
  const started = import('./exec-server.ts').then(({ ExecServer }) => ExecServer.start(of.engine, args, of.make));
  of.started.push(started);
  return started;
}

/** Values that a program may pass and that a scenario's JSON cannot express. */
const notOfJson: Readonly<Record<string, unknown>> = {
  Undefined: undefined,
  NaN: Number.NaN,
  Function: () => undefined,
};

function prepare(message: RunMessage, uncaught: (error: unknown) => void): () => void {
  useRunEnvironment(message);
  process.on('uncaughtException', uncaught);
  return () => void process.off('uncaughtException', uncaught);
}

const camelKeys = (values: BuiltArguments): BuiltArguments =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [camelCase(key), value]));

async function call(owner: unknown, name: string, args: BuiltArguments, signal: AbortSignal | undefined) {
  const { input, thread_id, ...rest } = args;
  const given = { ...camelKeys(rest), ...(signal && { signal }) };
  const options = Object.keys(given).length === 0 ? [] : [given];
  switch (name) {
    case 'login_with_device_code':
      return deviceLogin(owner as ExecCodex, { ...args, ...(signal && { signal }) });
    case 'start_thread':
      return (owner as ExecCodex).startThread(...options);
    case 'resume_thread':
      return (owner as ExecCodex).resumeThread(thread_id as string, ...options);
    case 'run':
      return (owner as ExecThread).run(input, ...options);
    case 'run_streamed':
      return withResult(await (owner as ExecThread).runStreamed(input, ...options));
    default: {
      const value = (owner as Record<string, unknown>)[camelCase(name)];
      return typeof value === 'function' ? value.apply(owner, options) : value;
    }
  }
}

/** The events are what a scenario calls the stream; the result of a typed run belongs to them. */
function withResult({ events, result }: { events: object; result?: unknown }): object {
  return result === undefined ? events : Object.assign(events, { result });
}

function isStream(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}

function result(value: unknown, _owner: unknown, operation: string | undefined): JsonValue {
  if (isStream(value)) return { $type: 'Stream' };
  if (operation === 'listen') return { $type: 'Listening' };
  if (operation === 'codex') return { $type: 'Codex' };
  if (operation === 'start_thread' || operation === 'resume_thread')
    return { $type: 'Thread', id: (value as ExecThread).id };
  if (operation === 'run') {
    const { items, finalResponse, usage, ...more } = value as ExecTurn;
    return { $type: 'Turn', items, finalResponse, usage, ...(more as JsonObject) };
  }
  return value === undefined ? null : (value as JsonValue);
}

/**
 * Everything except the events and items that the official SDKs have types for is passed through and observed as
 * unknown.
 */
const knownEvents: ReadonlySet<unknown> = new Set(execEvents);
const knownItems: ReadonlySet<unknown> = new Set(execItems);

/** An event of `exec --json`, as observed: its `type` is the method, its other members are the payload. */
export function execEvent(value: JsonValue): ObservedEvent {
  if (!isObject(value)) return { method: '?', payload: { value }, known: false };
  const { type, ...payload } = value;
  return { method: String(type), payload, known: knownEvents.has(type) && isKnownItem(payload) };
}

function isKnownItem({ item }: JsonObject): boolean {
  return (
    item === undefined || (item !== null && typeof item === 'object' && 'type' in item && knownItems.has(item.type))
  );
}

type Login = (options: BuiltArguments) => Promise<number>;

/**
 * A device login as a scenario sees it. With `on_output` it is a stream of `output` events and the `ended` event, so
 * that a step can wait until the user has been told something; otherwise its exit code with what the SDK printed.
 */
export function deviceLogin(codex: ExecCodex, { on_output, ...options }: BuiltArguments): unknown {
  const login: Login = (given) => {
    if (codex.loginWithDeviceCode === undefined) throw new DriverFailure('this exec SDK has no login by a device code');
    return codex.loginWithDeviceCode(given);
  };
  return on_output === true ? streamed(login, options) : printed(login, options);
}

async function printed(login: Login, options: BuiltArguments): Promise<{ code: number; printed: string }> {
  const { write } = process.stdout;
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    const code = await login(options);
    return { code, printed: text };
  } finally {
    process.stdout.write = write;
  }
}

async function* streamed(login: Login, options: BuiltArguments): AsyncGenerator<object, void, undefined> {
  const texts: string[] = [];
  let wake = () => {};
  const onOutput = (text: string) => {
    texts.push(text);
    wake();
  };
  let over = false;
  const ended = login({ ...options, onOutput }).finally(() => {
    over = true;
    wake();
  });
  ended.catch(() => {});
  for (;;) {
    const text = texts.shift();
    if (text !== undefined) yield { type: 'output', text };
    else if (over) break;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  yield { type: 'ended', code: await ended };
}
