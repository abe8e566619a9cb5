import type { JsonObject, JsonValue } from '../../../testing/scripted-model/types.ts';
import type { BuiltArguments, ClientAdapter, ObservedEvent } from '../ts/adapter.ts';
import { DriverFailure } from '../ts/failures.ts';
import { BareClient } from './bare-client.ts';

const noObjects = (form: string): never => {
  throw new DriverFailure(`${form}: the bare client has no classes; write the wire value`);
};

/** The bare client, for the step interpreter: `codex.request` is all it can. */
export const bareAdapter: ClientAdapter = {
  id: 'bare',
  version: '0.163.0',
  capabilities: ['rpc'],
  create: (options) =>
    new BareClient({
      codexBin: String(options.codex_bin),
      ...(typeof options.cwd === 'string' && { cwd: options.cwd }),
      ...(options.env !== undefined && { env: options.env as Record<string, string> }),
    }),
  connect: (client) => (client as BareClient).connect(),
  attribute: (owner, name) => (owner as Record<string, unknown>)[name],
  call(owner, name, args: BuiltArguments) {
    if (!(owner instanceof BareClient) || name !== 'request') throw new TypeError(`the bare client has no ${name}`);
    return owner.request(String(args.method), args.params as JsonObject | undefined);
  },
  close: (value) => (value as BareClient).close(),
  isStream: (value): value is AsyncIterator<unknown> =>
    typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  event: (item) => item as ObservedEvent,
  result: (value) => (value ?? null) as JsonValue,
  isRetryable: () => false,
  enumMember: (className, member) => noObjects(`$enum ${className}.${member}`),
  instance: (className) => noObjects(`$new ${className}`),
};
