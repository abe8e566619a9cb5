import type { ContractMethods, NotificationEntry, RequestEntry, SchemaObject } from '../../harness/contract/types.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { experimentalFields, experimentalTypes } from './experimental.ts';
import { type Gaps, refuseGaps } from './gaps.ts';
import { mergeNamespaces } from './merge-namespaces.ts';
import type { EngineSchemas } from './read-engine-schema.ts';
import { inCapitals, resultType, unusedResultTypes } from './result-types.ts';
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
  /** The params' type has no name of the engine's. */
  unnamed?: true;
}

/** The members of one of the engine's message unions, sorted by method. */
function messagesOf(bundle: RawSchema, union: string, gaps: Gaps): Message[] {
  const schema = stripProse((bundle.definitions as RawSchema)[union], union, gaps) as SchemaObject;
  const messages = (schema.oneOf ?? []).flatMap((raw): Message[] => {
    const { properties = {}, required = [] } = raw as SchemaObject;
    const method = (properties.method as SchemaObject | undefined)?.enum?.[0];
    if (typeof method !== 'string') {
      gaps.tell(expectedGot(`reading ${union}`, 'messages that name their method', JSON.stringify(raw)));
      return [];
    }
    const params = properties.params as SchemaObject | undefined;
    const ref =
      params?.$ref ?? (params?.anyOf as SchemaObject[] | undefined)?.find((part) => part.$ref !== undefined)?.$ref;
    if (params !== undefined && ref === undefined && params.type !== 'null') {
      gaps.tell(expectedGot(`reading ${union} ${method}`, 'params of a named type, or null', JSON.stringify(params)));
      const given = required.includes('params');
      return [{ method, params: `${inCapitals(method)}Params`, paramsRequired: given, unnamed: true }];
    }
    return [
      {
        method,
        params: ref?.split('/').at(-1) ?? null,
        paramsRequired: ref !== undefined && required.includes('params'),
      },
    ];
  });
  return messages.sort((a, b) => (a.method < b.method ? -1 : 1));
}

/**
 * Which messages there are, what they carry and what answers them; a message is stable when the engine names it without its
 * experimental API too.
 * It is a gap when a type that a message names does not exist, or a result type answers nothing.
 */
export function buildMethods(schemas: EngineSchemas, gaps: Gaps = refuseGaps): ContractMethods {
  const types = mergeNamespaces(schemas.experimental, gaps);
  const stableTypes = mergeNamespaces(schemas.stable, gaps);
  const read = <Entry>(union: string, entry: (message: Message, stable: boolean) => Entry): Record<string, Entry> => {
    const stable = new Set(messagesOf(schemas.stable, union, gaps).map(({ method }) => method));
    return Object.fromEntries(
      messagesOf(schemas.experimental, union, gaps).map((message) => {
        if (message.params !== null && !message.unnamed && types[message.params] === undefined) {
          gaps.tell(`Reading ${union} ${message.method}: its type ${message.params} does not exist`);
        }
        return [message.method, entry(message, stable.has(message.method))];
      }),
    );
  };
  const request = ({ method, params, paramsRequired }: Message, stable: boolean): RequestEntry => ({
    params,
    paramsRequired,
    result: resultType(method, params, types, gaps),
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
  for (const name of unused) gaps.tell(`Deriving the result types: nothing is answered by ${name}`);
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
    experimentalTypes: experimentalTypes(types, stableTypes),
    experimentalFields: experimentalFields(types, stableTypes),
  };
}
