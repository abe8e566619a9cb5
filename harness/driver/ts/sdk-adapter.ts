import * as sdk from '../../../sdk/index.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import { capabilitiesOf } from '../../clients/clients.ts';
import type { Answerer, BuiltArguments, ClientAdapter, ObservedEvent } from './adapter.ts';
import { DriverFailure } from './failures.ts';
import { givenFunctions } from './given-functions.ts';
import { camelCase } from './names.ts';
import { constructorParameters, positionalParameters } from './positional.ts';

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
  create: (options, answer) =>
    new sdk.Codex({ ...camelKeys(options), ...(answer && { onServerRequest: handler(answer) }) }),
  connect: async (client) => void (await (client as sdk.Codex).connect()),
  attribute,
  call,
  close,
  dispose: (client) => (client as sdk.Codex)[Symbol.asyncDispose](),
  isStream,
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

function handler(answer: Answerer): sdk.ServerRequestHandler {
  return async ({ method, params }) => {
    const given = await answer({ method, params: (params ?? null) as JsonValue });
    if (given === undefined) return undefined;
    if ('error' in given) throw new DriverFailure('the SDK has no handler that answers with an error');
    return given.result as Awaited<ReturnType<sdk.ServerRequestHandler>>;
  };
}

function attribute(owner: unknown, name: string): unknown {
  const key = camelCase(name);
  if (isInstance(owner) && !(key in owner)) throw new TypeError(`${owner.constructor.name} has no ${key}`);
  return (owner as Record<string, unknown>)[key];
}

function call(owner: unknown, name: string, args: BuiltArguments, signal: AbortSignal | undefined): unknown {
  const value = attribute(owner, name);
  if (typeof value !== 'function') return value;
  const parameters = positionalParameters(isInstance(owner) ? owner.constructor.name : '', name);
  const rest = Object.fromEntries(Object.entries(args).filter(([key]) => !parameters.includes(key)));
  const options = { ...camelKeys(rest), ...(signal ? { signal } : {}) };
  const positional = parameters.map((parameter) => args[parameter]);
  while (positional.length > 0 && positional.at(-1) === undefined) positional.pop();
  if (Object.keys(options).length > 0) positional[parameters.length] = options;
  return value.apply(owner, positional);
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
  // The entries of a paged list (`codex.threads()`) are not notifications.
  return { method: 'entry', payload: { entry: item as JsonValue }, known: true };
}

/** Instances as `{$type, …public fields}`. Private fields are `#`, so everything enumerable is public. */
function result(value: unknown, owner: unknown, operation: string | undefined): JsonValue {
  if (isStream(value)) return { $type: 'Stream' };
  if (isInstance(value)) return { $type: value.constructor.name, ...(value as unknown as JsonObject) };
  // A plain object in ours, a class in Python.
  const runs = operation === 'run' || operation === 'run_goal';
  if (runs && isInstance(owner)) return { $type: 'TurnResult', ...(value as JsonObject) };
  return value === undefined ? null : (value as JsonValue);
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
