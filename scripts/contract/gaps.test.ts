import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { loadWindow } from '../../harness/contract/window.ts';
import { buildContract } from './build-contract.ts';
import { GapList, gapsIn, placeholdersIn } from './gaps.ts';
import { mergeWindow } from './merge-window.ts';
import { protocolFiles } from './protocol-files.ts';
import type { RawSchema } from './strip-prose.ts';

const text = { type: 'string' };
const ref = (name: string) => ({ $ref: `#/definitions/v2/${name}` });
const message = (method: string, params: object): object => ({
  type: 'object',
  properties: { id: text, method: { enum: [method], type: 'string' }, params },
  required: ['id', 'method', 'params'],
});
const variant = (type: string) => ({
  type: 'object',
  properties: { type: { type: 'string', enum: [type] } },
  required: ['type'],
});

/** A contract of a later engine, with one gap of each kind. */
const later: RawSchema = {
  definitions: {
    ClientRequest: {
      oneOf: [
        message('thing/start', ref('ThingStartParams')),
        message('thing/noAnswer', ref('ThingQuestion')),
        message('thing/inline', { type: 'object', properties: { a: text } }),
        message('thing/lost', ref('LostParams')),
        message('thing_start', ref('ThingStartParams')),
        { type: 'object', properties: { id: text } },
      ],
    },
    ClientNotification: { oneOf: [] },
    ServerRequest: { oneOf: [] },
    ServerNotification: { oneOf: [message('thing/changed', ref('ThingChanged'))] },
    Twice: { type: 'string' },
    v2: {
      ThingStartParams: { type: 'object', properties: { now: { type: 'string', pattern: '^a' } } },
      ThingStartResponse: { type: 'object', properties: { big: { type: 'bigint' } } },
      ThingInlineResponse: { type: 'object' },
      ThingLostResponse: { type: 'object' },
      ThingQuestion: { type: 'object' },
      UnaskedResponse: { type: 'object' },
      ThingChanged: { type: 'object', properties: { gone: ref('NowhereToBeFound'), gap: text } },
      Twice: { type: 'integer' },
      Nothing: true,
      Item: { oneOf: [variant('plain'), variant('rich')] },
      RichItem: { type: 'object', properties: { a: text } },
    },
  },
};

const contract = buildContract({ version: '9.0.0', experimental: later, stable: later }, 'none');

test('every gap of a new contract is told at once', () => {
  const expected = [
    'Reading ThingStartParams/now: saw the keyword "pattern", which the contract generator does not know',
    'Reading ThingStartResponse/big: saw the type "bigint", which the contract generator does not know',
    "Merging the namespaces: Twice of v2 differs from the root's Twice",
    'Reading Nothing: expected a schema that is an object, got true',
    'Reading ClientRequest thing/inline: expected params of a named type, or null, got {',
    'Reading ClientRequest: expected messages that name their method, got {',
    'Reading ClientRequest thing/lost: its type LostParams does not exist',
    'Finding the result of thing/noAnswer: saw none of ThingNoAnswerResponse',
    'Deriving the result types: nothing is answered by UnaskedResponse',
    'Reading the types: there is no type NowhereToBeFound, which another type names',
  ];
  const { gaps = [] } = contract.index;
  expect([...gaps].sort()).toEqual(expected.sort().map((gap) => expect.stringContaining(gap)));
});

test('the output goes on with marked placeholders, as TypeScript that parses, and a check finds each of them', () => {
  const before = structuredClone(contract);
  before.version = '8.0.0';
  before.methods.serverNotifications['thing/changed'] = { params: 'Item', stability: 'stable' };
  const gaps = new GapList();
  const merged = mergeWindow([before, contract], '9.0.0', gaps);
  const files = protocolFiles(merged, gaps);
  const merging = 'thing/changed: expected one type in all engines of the window, got Item, ThingChanged';
  const request = 'Naming the request thing_start: thingStart is thing/start already';
  const rich = 'Naming the variant "rich" of Item: the name RichItem is taken';
  const words = 'Words of the event thing/changed are missing in scripts/contract/protocol-words.ts';
  expect(gaps.told).toEqual([merging, words, request, rich].map((gap) => expect.stringContaining(gap)));
  const marks = [
    `rpc.ts ${request}`,
    `methods.ts ${words}`,
    ...[
      rich,
      merging,
      'Reading Nothing: expected a schema that is an object, got true',
      'Reading ThingStartResponse/big: saw the type "bigint"',
      'Merging the namespaces: Twice of v2 differs',
      'there is no type LostParams',
      'there is no type NowhereToBeFound',
      'there is no type ThingInlineParams',
      'there is no type ThingNoAnswerResponse',
    ].map((gap) => `types.ts ${gap}`),
  ];
  const found = placeholdersIn(files).map((mark) => mark.replace(/:\d+: \/\* gap: (?:Merging )?/, ' ').split(' */')[0]);
  expect(found.sort()).toEqual(
    marks
      .map((mark) => mark.replace(' Merging ', ' '))
      .sort()
      .map((mark) => expect.stringContaining(mark)),
  );
  expect(gapsIn(merged).length).toBe(8);
  for (const [name, source] of Object.entries(files)) {
    const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true, fileName: name });
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
  }
});

test('nothing that is committed has a gap', async () => {
  for (const one of await loadWindow()) {
    expect(one.index.gaps).toBeUndefined();
    expect(gapsIn(one)).toEqual([]);
  }
  const folder = path.join(import.meta.dirname, '../../sdk/protocol');
  const sources = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const);
  expect(sources.length).toBeGreaterThan(4);
  expect(placeholdersIn(Object.fromEntries(sources))).toEqual([]);
});
