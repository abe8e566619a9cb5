import type { ContractMethods, NotificationEntry, RequestEntry, SchemaObject } from '../../harness/contract/types.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { experimentalFields, experimentalTypes } from './experimental.ts';
import { mergeNamespaces } from './merge-namespaces.ts';
import type { EngineSchemas } from './read-engine-schema.ts';
import { resultType, unusedResultTypes } from './result-types.ts';
import { type RawSchema, stripProse } from './strip-prose.ts';

/** Sent to a client that asks for raw events; the engine's TypeScript bindings list them, its JSON Schema has only their types. */
const unlistedNotifications: Record<string, string> = {
  'rawResponse/completed': 'RawResponseCompletedNotification',
  'rawResponseItem/completed': 'RawResponseItemCompletedNotification',
};

interface Message {
  method: string;
  params: string | null;
  paramsRequired: boolean;
}

/** The members of one of the engine's message unions, sorted by method. */
function messagesOf(bundle: RawSchema, union: string): Message[] {
  const schema = stripProse((bundle.definitions as RawSchema)[union], union) as SchemaObject;
  const messages = (schema.oneOf ?? []).map((raw): Message => {
    const { properties = {}, required = [] } = raw as SchemaObject;
    const method = String((properties.method as SchemaObject).enum?.[0]);
    const params = properties.params as SchemaObject | undefined;
    const ref =
      params?.$ref ?? (params?.anyOf as SchemaObject[] | undefined)?.find((part) => part.$ref !== undefined)?.$ref;
    if (params !== undefined && ref === undefined && params.type !== 'null') {
      throw new Error(
        expectedGot(`reading ${union} ${method}`, 'params of a named type, or null', JSON.stringify(params)),
      );
    }
    return {
      method,
      params: ref?.split('/').at(-1) ?? null,
      paramsRequired: ref !== undefined && required.includes('params'),
    };
  });
  return messages.sort((a, b) => (a.method < b.method ? -1 : 1));
}

/**
 * Which messages there are, what they carry and what answers them; a message is stable when the engine names it without its
 * experimental API too.
 *
 * @throws when a type that a message names does not exist, or a result type answers nothing.
 */
export function buildMethods(schemas: EngineSchemas): ContractMethods {
  const types = mergeNamespaces(schemas.experimental);
  const read = <Entry>(union: string, entry: (message: Message, stable: boolean) => Entry): Record<string, Entry> => {
    const stable = new Set(messagesOf(schemas.stable, union).map(({ method }) => method));
    return Object.fromEntries(
      messagesOf(schemas.experimental, union).map((message) => {
        if (message.params !== null && types[message.params] === undefined) {
          throw new Error(`Reading ${union} ${message.method}: its type ${message.params} does not exist`);
        }
        return [message.method, entry(message, stable.has(message.method))];
      }),
    );
  };
  const request = ({ method, params, paramsRequired }: Message, stable: boolean): RequestEntry => ({
    params,
    paramsRequired,
    result: resultType(method, params, types),
    stability: stable ? 'stable' : 'experimental',
  });
  const notification = ({ params }: Message, stable: boolean): NotificationEntry => ({
    params,
    stability: stable ? 'stable' : 'experimental',
  });
  const clientRequests = read('ClientRequest', request);
  const serverRequests = read('ServerRequest', request);
  const unused = unusedResultTypes(
    new Set([...Object.values(clientRequests), ...Object.values(serverRequests)].map(({ result }) => result)),
    types,
  );
  if (unused.length > 0) throw new Error(`Deriving the result types: nothing is answered by ${unused.join(', ')}`);
  const unlisted = Object.entries(unlistedNotifications).filter(([, type]) => types[type] !== undefined);
  const serverNotifications = Object.entries({
    ...read('ServerNotification', notification),
    ...Object.fromEntries(
      unlisted.map(([method, params]) => [method, { params, stability: 'experimental', unlisted: true } as const]),
    ),
  });
  return {
    clientRequests,
    clientNotifications: read('ClientNotification', notification),
    serverRequests,
    serverNotifications: Object.fromEntries(serverNotifications.sort(([a], [b]) => (a < b ? -1 : 1))),
    experimentalTypes: experimentalTypes(types, mergeNamespaces(schemas.stable)),
    experimentalFields: experimentalFields(types, mergeNamespaces(schemas.stable)),
  };
}
