import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { sessionOf } from '../../../sdk/client/engine-client.ts';
import { inUse } from '../../../sdk/client/lazy-session.ts';
import { folders } from '../../../sdk/files/run-folder.ts';
import type { ServerRequest } from '../../../sdk/index.ts';
import * as sdk from '../../../sdk/index.ts';
import { live } from '../../../sdk/transport/live-processes.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import { capabilitiesOf } from '../../clients/clients.ts';
import type { Answerer, BuiltArguments, ClientAdapter, ObservedEvent } from './adapter.ts';
import { DriverFailure } from './failures.ts';
import { camelCase } from './names.ts';
import { useRunInstallation } from './run-environment.ts';
import { type AttachedTo, SharedEngine } from './shared-engine.ts';

const enums: Record<string, Record<string, unknown>> = { Sandbox: sdk.Sandbox, ApprovalMode: sdk.ApprovalMode };
const classes = sdk as unknown as Record<string, (new (...args: unknown[]) => unknown) | undefined>;

function camelKeys(values: BuiltArguments): BuiltArguments {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [camelCase(key), value]));
}

/** Our SDK, for the step interpreter. */
export const sdkAdapter: ClientAdapter = {
  id: 'ts',
  version: sdk.version,
  clientInfo: { name: 'codex_typescript_sdk', title: 'Codex TypeScript SDK', version: sdk.version },
  capabilities: capabilitiesOf('ts'),
  prepare: useRunInstallation,
  holding: {
    roots: (client) => [client as sdk.Codex, ...(makers.get(client as sdk.Codex)?.others ?? [])].map(sessionOf),
    modules: { 'clients in use': inUse, 'programs that end with this one': live, 'folders of files': folders },
  },
  telemetry: observeChannels,
  create(options, answer) {
    const { attach, ...config } = camelKeys(options);
    const shared = attach === undefined ? undefined : new SharedEngine(config as sdk.CodexConfig, attachedTo(attach));
    const transport = shared && { transport: shared.transport };
    const make = () => new sdk.Codex({ ...config, ...transport, ...(answer && { onServerRequest: handler(answer) }) });
    const client = make();
    if (shared) sharedEngines.set(client, shared);
    makers.set(client, { make, others: [] });
    return client;
  },
  connect: async (client) => void (await (client as sdk.Codex).connect()),
  attribute,
  call,
  close,
  async dispose(client) {
    for (const made of bridges.get(client as sdk.Codex) ?? []) await (await made.catch(() => undefined))?.close();
    for (const one of [...(makers.get(client as sdk.Codex)?.others ?? []), client as sdk.Codex])
      await one[Symbol.asyncDispose]();
    await sharedEngines.get(client as sdk.Codex)?.close();
  },
  isStream,
  ended: (stream, value) => void returned.set(stream, value),
  event,
  result,
  isRetryable: (error) => sdk.isRetryableError(error),
  enumMember(className, member) {
    const members = enums[className];
    const name = camelCase(member);
    if (members && Object.hasOwn(members, name)) return members[name];
    throw new DriverFailure(`$enum: the SDK has no ${className}.${name}; other enums are written as their wire value`);
  },
  instance(className, fields) {
    if (className === 'AbortSignal') return AbortSignal.abort(fields.reason);
    const given = givenFunctions[className];
    if (given !== undefined) return given(fields);
    const parameters = constructorParameters(className);
    const inputClass = classes[className];
    if (!parameters || !inputClass) throw new DriverFailure(`$new: the SDK has no input class ${className}`);
    refuseUnknown(className, fields, parameters);
    return new inputClass(...parameters.map((name) => fields[name]));
  },
};

/**
 * What stands between a client and a library of somebody else: operations of the client that it does not have, loaded with
 * the first use.
 */
const bridgeOperations: Readonly<Record<string, (client: sdk.Codex, options: object) => Promise<Bridge>>> = {
  ai_sdk: async (client, options) => await (await import('./bridges/ai-sdk.ts')).aiSdk(client, options),
  acp_editor: async (client, options) => await (await import('./bridges/acp.ts')).acpEditor(client, options),
};

interface Bridge {
  close(): Promise<void>;
}

/** They end before their client. */
const bridges = new WeakMap<sdk.Codex, Promise<Bridge>[]>();

function bridge(client: sdk.Codex, name: string, options: object): Promise<Bridge> | undefined {
  const made = bridgeOperations[name]?.(client, options);
  if (made) bridges.set(client, [...(bridges.get(client) ?? []), made]);
  return made;
}

const attachedTo = (attach: unknown): AttachedTo => (attach === 'unix' ? { over: 'unix' } : (attach as AttachedTo));

/** The engines of clients with `attach`: they outlive the clients' connections. */
const sharedEngines = new WeakMap<sdk.Codex, SharedEngine>();

/** How another client of the same run is made (`codex.another`), and those that were. */
const makers = new WeakMap<sdk.Codex, { make: () => sdk.Codex; others: sdk.Codex[] }>();

async function another(client: sdk.Codex): Promise<sdk.Codex> {
  const maker = makers.get(client);
  if (!maker) throw new DriverFailure('codex.another: only the first client makes others');
  const made = maker.make();
  maker.others.push(made);
  await made.connect();
  return made;
}

/** The messages of all channels, without the number of the connection, which counts those of this driver. */
function observeChannels(observe: (name: string, message: JsonObject) => void): () => void {
  const undo = Object.keys(sdk.lifeCycleChannels).map((name) => {
    const hear = (message: unknown) => {
      const { connection: _, ...told } = message as JsonObject;
      const error = told['error'] as unknown;
      observe(name, {
        ...told,
        ...(error instanceof Error && { error: { name: error.name, message: error.message } }),
      });
    };
    subscribe(`twinproof.${name}`, hear);
    return () => unsubscribe(`twinproof.${name}`, hear);
  });
  return () => {
    for (const one of undo) one();
  };
}

function handler(answer: Answerer): sdk.ServerRequestHandler {
  return async ({ method, params }) => {
    const given = await answer({ method, params: (params ?? null) as JsonValue });
    if (given === undefined) return undefined;
    if ('error' in given) throw new DriverFailure('the SDK has no handler that answers with an error');
    return given.result as Awaited<ReturnType<sdk.ServerRequestHandler>>;
  };
}

/** What streams that have been read to their end returned: a scenario reads it as `STREAM.returned`. */
const returned = new WeakMap<object, unknown>();

function attribute(owner: unknown, name: string): unknown {
  if (name === 'returned' && isStream(owner)) return returned.get(owner);
  const key = camelCase(name);
  if (isInstance(owner) && !(key in owner)) throw new TypeError(`${owner.constructor.name} has no ${key}`);
  return (owner as Record<string, unknown>)[key];
}

function call(owner: unknown, name: string, args: BuiltArguments, signal: AbortSignal | undefined): unknown {
  if (name === 'another' && owner instanceof sdk.Codex) return another(owner);
  const bridged = owner instanceof sdk.Codex ? bridge(owner, name, camelKeys(args)) : undefined;
  if (bridged) return bridged;
  const value = attribute(owner, name);
  if (typeof value !== 'function') return value;
  const parameters = positionalParameters(isInstance(owner) ? owner.constructor.name : '', name);
  const rest = Object.fromEntries(Object.entries(args).filter(([key]) => !parameters.includes(key)));
  const options = { ...camelKeys(rest), ...(signal ? { signal } : {}) };
  const positional = parameters.map((parameter) => args[parameter]);
  while (positional.length > 0 && positional.at(-1) === undefined) positional.pop();
  if (Object.keys(options).length > 0) positional[parameters.length] = options;
  const made: unknown = value.apply(owner, positional);
  return made instanceof ReadableStream ? texts(made) : made;
}

/** A web stream of bytes as a scenario sees it: its texts. */
async function* texts(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
}

async function close(value: unknown): Promise<void> {
  // What the end of `await using` calls, if there is one; it amounts to the `return()` of a `break`.
  const stream = value as Partial<AsyncGenerator>;
  if (isStream(value)) await (stream[Symbol.asyncDispose]?.() ?? stream.return?.(undefined));
  else await call(value, 'close', {}, undefined);
}

function isStream(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}

function event(item: unknown): ObservedEvent {
  const { method, payload, known } = item as sdk.Notification;
  if (typeof known === 'boolean') return { method, payload: payload as JsonObject, known };
  if (isObject(item) && 'id' in item && typeof method === 'string')
    return { method, payload: (item.params ?? {}) as JsonObject, known: true };
  // The entries of a paged list (`codex.threads()`) are not notifications.
  return { method: 'entry', payload: { entry: item as JsonValue }, known: true };
}

/** Instances as `{$type, …public fields}`. Private fields are `#`, so everything enumerable is public. */
function result(value: unknown, owner: unknown, operation: string | undefined): JsonValue {
  if (isStream(value)) return { $type: 'Stream' };
  if (isInstance(value)) return { $type: value.constructor.name, ...(value as unknown as JsonObject) };
  // A plain object in ours, a class in Python. What a failed turn's error holds is told without a name.
  const ofHandle = operation === 'result' && !(owner instanceof Error);
  const runs = operation === 'run' || operation === 'run_goal' || operation === 'returned' || ofHandle;
  const plain = withoutOurs(value);
  if (runs && isInstance(owner)) return { $type: 'TurnResult', ...(plain as JsonObject) };
  return plain === undefined ? null : (plain as JsonValue);
}

/**
 * What Python's result of a turn does not have: denials are told where there are some, and the usage of the turn where a
 * scenario asks for it (`call: result.turn_usage`).
 */
function withoutOurs(value: unknown): unknown {
  if (!isObject(value) || !Array.isArray(value.denials)) return value;
  const { denials, turnUsage: _, ...rest } = value;
  return denials.length === 0 ? rest : { ...rest, denials };
}

function isInstance(value: unknown): value is object {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype;
}

function refuseUnknown(className: string, fields: BuiltArguments, parameters: readonly string[]): void {
  const unknown = Object.keys(fields).filter((name) => !parameters.includes(name));
  if (unknown.length > 0) throw new TypeError(`${className} has no ${unknown.join(', ')}`);
}

/**
 * The parameters that our SDK takes by position, by class and operation (with Python's names, the class without
 * `Async`), and the fields of the input classes. Everything else goes into one options object.
 */
const operations: Record<string, readonly string[]> = {
  'Codex.thread_resume': ['thread_id'],
  'Codex.thread_fork': ['thread_id'],
  'Codex.thread_archive': ['thread_id'],
  'Codex.thread_unarchive': ['thread_id'],
  'Codex.login_api_key': ['api_key'],
  'Codex.request': ['method', 'params'],
  'Codex.wait_for_turn_completed': ['turn_id'],
  'Codex.wait_for_login_completed': ['login_id'],
  'Codex.request_with_retry_on_overload': ['method', 'params'],
  'Codex.supports': ['name'],
  'Mcp.login': ['server'],
  'Mcp.call_tool': ['server', 'tool'],
  'Mcp.read_resource': ['server', 'uri'],
  'Thread.run': ['input'],
  'Thread.start_goal': ['objective'],
  'Thread.run_goal': ['objective'],
  'Thread.revert': ['before_turn_id'],
  'Thread.update_metadata': ['metadata'],
  'Thread.review': ['target'],
  'Codex.thread_delete': ['thread_id'],
  'Thread.turn': ['input'],
  'Thread.attach': ['turn_id'],
  'Files.stage': ['file'],
  'Thread.add_attachment': ['attachment'],
  'Thread.remove_attachment': ['key'],
  'Codex.attachment_owners': ['key'],
  'Thread.stream_text': ['input'],
  'Thread.set_name': ['name'],
  'TurnHandle.steer': ['input'],
  'GoalHandle.steer': ['input'],
};

const fields: Record<string, readonly string[]> = {
  TextInput: ['text'],
  ImageInput: ['url'],
  LocalImageInput: ['path'],
  SkillInput: ['name', 'path'],
  MentionInput: ['name', 'path'],
  ExternalMessage: ['tool_name', 'content', 'namespace'],
};

/** The names of an operation's positional parameters; none where the table has none. */
export function positionalParameters(className: string, operation: string): readonly string[] {
  return operations[`${className}.${operation}`] ?? [];
}

/** The names of a class's constructor parameters; undefined for a class that scenarios cannot create. */
export function constructorParameters(className: string): readonly string[] | undefined {
  return fields[className];
}

/**
 * Functions that a scenario passes to the SDK, as `{$new: Sleep, at: 3}`. Those that record what they are told write it
 * to a file, which the scenario checks.
 */
export const givenFunctions: Readonly<Record<string, (fields: BuiltArguments) => unknown>> = {
  /**
   * A sleep that takes no time. The one numbered `at` fails and reports all sleeps so far, rounded to a millisecond.
   */
  Sleep({ at }) {
    const waits: number[] = [];
    return (ms: number): Promise<void> => {
      waits.push(Math.round(ms));
      return waits.length === at ? Promise.reject(new Error(`waited ${waits.join(', ')} ms`)) : Promise.resolve();
    };
  },
  /** Replaces `Math.random`. */
  Random:
    ({ value }) =>
    () =>
      value,
  /** Records which request a handler failed on, and how; then it fails too: `at once` or `later`. */
  FailureNotes:
    ({ file, fails }) =>
    (error: unknown, { method }: ServerRequest) => {
      appendFileSync(String(file), `${method}: ${error}\n`);
      if (fails === 'at once') throw new Error('nor can this be noted');
      return fails === 'later' ? Promise.reject(new Error('nor can this be noted')) : undefined;
    },
  /** Answers no request: waits until the connection is gone and records why; then it agrees. */
  UntilGone:
    ({ file }) =>
    async ({ method }: ServerRequest, { signal }: { signal: AbortSignal }) => {
      // It may be gone already: a request and the end of the connection can arrive together.
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      appendFileSync(String(file), `${method}: ${signal.reason}\n`);
      return { decision: 'accept' };
    },
  /** Bytes, as base64. */
  Bytes: ({ base64 }) => Buffer.from(String(base64), 'base64'),
  /** A stream of texts that then fails, if it is given a text to fail with. */
  Pieces: ({ texts, fails }) =>
    (async function* pieces() {
      for (const text of texts as string[]) yield text;
      if (fails !== undefined) throw new Error(String(fails));
    })(),
  ReadOnly: () => sdk.readOnly(),
  AllowCommands: ({ commands }) => sdk.allowCommands(commands as string[]),
  /** Answers what it is asked with `value`; of approvals, it records what they show to a person. */
  Answers:
    ({ value, file }) =>
    (request: sdk.ApprovalRequest | object) => {
      if (file !== undefined)
        appendFileSync(String(file), `${'summary' in request ? request.summary : JSON.stringify(request)}\n`);
      return value;
    },
  /** Never answers: waits until the answer is not needed any more, and records why. */
  UntilMoot:
    ({ file }) =>
    async (_: object, { signal }: sdk.HandlerContext) => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      appendFileSync(String(file), `${signal.reason} ${signal.reason.cause ?? ''}\n`);
      // Whether the engine still gets an answer that comes too late is a race.
      return await new Promise<never>(() => undefined);
    },
  /** Fails in place of an answer. */
  Throws:
    ({ message }) =>
    () => {
      throw new Error(String(message));
    },
  /** Never answers, and hears nothing. */
  Hangs: () => () => new Promise<never>(() => undefined),
  /** Records each decision. */
  Trail:
    ({ file }) =>
    ({ request, decision, decidedBy, error }: sdk.ApprovalRecord) =>
      appendFileSync(
        String(file),
        `${request.kind}: ${JSON.stringify(decision)} by ${decidedBy}${error ? `, ${error}` : ''}\n`,
      ),
  /** A tool of the agent with one argument, the text `id`; see `toolCalls`. */
  Tool(given) {
    const { name, renamed = name, takes, timeout_ms: timeoutMs, concurrency } = given;
    const options = { name, description: `The tool ${name}`, timeoutMs, concurrency, execute: toolCalls(given) };
    const inputSchema = takes === 'text' ? z.string() : z.object({ id: z.string() });
    // By its name alone, so that a scenario can show what a thread refuses.
    return { ...sdk.tool({ ...options, inputSchema } as never), name: renamed };
  },
  /** Judges one turn after the other with `answers`; a text in their place is thrown. `file` gets a line for each turn that it has seen. */
  Verdicts({ answers, file }) {
    const left = [...(answers as unknown[])];
    return ({ status, finalResponse }: sdk.TurnResult, { number, usage }: sdk.AutoRunContext) => {
      if (file !== undefined)
        appendFileSync(String(file), `${number}: ${status}, ${finalResponse}, ${usage.totalTokens} tokens\n`);
      const answer = left.shift();
      if (typeof answer === 'string') throw new Error(answer);
      return answer;
    };
  },
  CommandSucceeds: ({ command, args, cwd }) =>
    sdk.commandSucceeds(String(command), args as string[], {
      cwd: String(cwd),
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    }),
  /** Spans with ids that count up, which nobody exports: what is on the wire is to be the same in each run. */
  Telemetry({ content }) {
    let spans = 0;
    const getTracer = () => ({
      startSpan() {
        spans += 1;
        const of = {
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: spans.toString(16).padStart(16, '0'),
          traceFlags: 1,
        };
        const span = {
          spanContext: () => of,
          end() {},
          setAttribute: () => span,
          setAttributes: () => span,
          setStatus: () => span,
          updateName: () => span,
        };
        return span;
      },
    });
    return { tracerProvider: { getTracer }, content };
  },
  /** As another program reads it. */
  AsJson: ({ of }) => JSON.parse(JSON.stringify(of)),
  /** Answers every request with what JSON cannot hold. */
  Unspeakable: () => () => () => undefined,
  /** Not a function: an object without anything that objects have. */
  Bare: () => Object.create(null),
};

/**
 * What a tool of a scenario does: it `returns` a value (default: its arguments), `throws` an error with a text, `hangs` until
 * its signal fires, or `meets` so many calls that it waits for. `file` gets a line when a call begins, and how it ends.
 */
function toolCalls({ file, returns, throws, hangs, meets }: BuiltArguments): sdk.Tool['execute'] {
  const note = (text: string) => file !== undefined && appendFileSync(String(file), `${text}\n`);
  const arrived: (() => void)[] = [];
  return async (args: object, { signal }) => {
    note('begins');
    if (hangs === true) {
      signal.addEventListener('abort', () => note(`stopped: ${(signal.reason.cause ?? signal.reason).name}`));
      return await new Promise<string>(() => {});
    }
    if (throws !== undefined) throw new Error(String(throws));
    if (typeof meets === 'number') {
      await new Promise<void>((resolve) => {
        arrived.push(resolve);
        if (arrived.length === meets) for (const go of arrived) go();
      });
    }
    // What else is ready to begin would do so now.
    await new Promise((resolve) => setImmediate(resolve));
    note('ends');
    return (returns ?? args) as sdk.ToolResult;
  };
}
