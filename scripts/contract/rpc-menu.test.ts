import { expect, test } from 'vitest';
import type { Contract, RequestEntry } from '../../harness/contract/types.ts';
import { rpcMenu } from './rpc-menu.ts';

function contract(clientRequests: Record<string, RequestEntry>): Contract {
  const none = { clientNotifications: {}, serverRequests: {}, serverNotifications: {}, experimentalTypes: [] };
  const definitions = {
    NamedParams: { type: 'object', properties: { id: {} }, required: ['id'] },
    FreeParams: { type: 'object', properties: { limit: {} } },
    EitherParams: { type: 'object', oneOf: [{ type: 'object', required: ['type'] }] },
  };
  const methods = { ...none, clientRequests, experimentalFields: {} };
  return { version: '1', methods, schema: { definitions } } as unknown as Contract;
}

const entry = (params: string | null, more: Partial<RequestEntry> = {}): RequestEntry => ({
  params,
  paramsRequired: params !== null,
  result: 'Answer',
  stability: 'stable',
  ...more,
});

test('a request is a method with its parameters, left out where none is needed', () => {
  const source = rpcMenu(
    contract({
      'thing/named_one': entry('NamedParams', { stability: 'experimental' }),
      'thing/free': entry('FreeParams'),
      'thing/either': entry('EitherParams'),
      'thing/maybe': entry('NamedParams', { paramsRequired: false }),
      'thing/none': entry(null),
    }),
  );
  const options = 'options?: Options | undefined): Promise<Answer>;';
  for (const line of [
    `  /** \`thing/named_one\`. @experimental */\n  thingNamedOne(params: NamedParams, ${options}`,
    `  /** \`thing/free\`. */\n  thingFree(params?: FreeParams | undefined, ${options}`,
    `  thingEither(params: EitherParams, ${options}`,
    `  thingMaybe(params?: NamedParams | null | undefined, ${options}`,
    `  thingNone(${options}`,
    "  thingNamedOne: 'thing/named_one',",
  ]) {
    expect(source).toContain(line);
  }
});

test('two requests of one name are refused', () => {
  const both = contract({ 'thing/go_now': entry(null), 'thing/go/now': entry(null) });
  expect(() => rpcMenu(both)).toThrow('Naming the request thing/go/now: thingGoNow is thing/go_now already');
});
