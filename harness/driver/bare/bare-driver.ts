/** Entry point of the bare driver: the same protocol and interpreter as our SDK's (docs/driver-protocol.md). */

import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import { capabilitiesOf } from '../../clients/clients.ts';
import type { BuiltArguments, ClientAdapter, ObservedEvent } from '../ts/adapter.ts';
import { DriverFailure } from '../ts/failures.ts';
import { claimStdout, readMessages } from '../ts/protocol-stdio.ts';
import { serve } from '../ts/serve.ts';
import { BareClient } from './bare-client.ts';

const noObjects = (form: string): never => {
  throw new DriverFailure(`${form}: the bare client has no classes; write the wire value`);
};

/** Everything it can do, by the names of scenarios: those of our SDK where it has the same. */
const operations: Record<string, (client: BareClient, args: BuiltArguments) => unknown> = {
  request: (client, args) => client.request(String(args.method), args.params as JsonObject | undefined),
  send: (client, args) => client.send(args.message as JsonValue),
  notifications: (client) => client.feed.notifications(),
  events: (client) => client.feed.events(),
  wait_for_turn_completed: (client, args) => client.feed.turnCompleted(String(args.turn_id)),
};

/** The bare client, for the step interpreter: requests, lines and what the engine reports. */
const bareAdapter: ClientAdapter = {
  id: 'bare',
  version: '0.163.0',
  clientInfo: { name: 'codex_python_sdk', title: 'Codex Python SDK', version: '0.163.0' },
  capabilities: capabilitiesOf('bare'),
  create: (options, answer) =>
    new BareClient({
      codexBin: String(options.codex_bin),
      ...(typeof options.cwd === 'string' && { cwd: options.cwd }),
      ...(answer && { answer }),
      ...(options.env !== undefined && { env: options.env as Record<string, string> }),
      ...(options.experimental_api !== undefined && { experimentalApi: options.experimental_api === true }),
      ...(options.initialize !== undefined && { initialize: options.initialize === true }),
    }),
  connect: (client) => (client as BareClient).connect(),
  attribute: (owner, name) => (owner as Record<string, unknown>)[name],
  call(owner, name, args: BuiltArguments) {
    if (!(owner instanceof BareClient)) return (owner as Record<string, unknown>)[name];
    const operation = operations[name];
    if (operation === undefined) throw new TypeError(`the bare client has no ${name}`);
    return operation(owner, args);
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

const write = claimStdout();
await serve(bareAdapter, readMessages(process.stdin), write);
process.stderr.write('', () => process.exit(0));
