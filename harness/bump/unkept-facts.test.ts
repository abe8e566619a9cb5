import { expect, test } from 'vitest';
import type { JsonObject } from '../../testing/json/json.ts';
import type { Observation } from '../observation/types.ts';
import { foldFindings } from './fold-findings.ts';
import { answered, asked, logged, message, modelAsked, observationOf } from './test-fixtures/observation.ts';
import { unkeptFindings } from './unkept-facts.ts';

const changes = (before: Observation, after: Observation) =>
  foldFindings([{ scenario: 'seed', client: 'bare', lines: 1, findings: unkeptFindings(before, after) }], 'engine').map(
    ({ change: { what, place, example } }) => ({ what, place, before: example?.before, after: example?.after }),
  );

const prompt = message('developer', 'You are an agent.');
const user = message('user', 'hi');
const cut = message('assistant', 'Hello');
const steer = message('user', 'more');
const first = modelAsked(1, [prompt, user]);

test('a message that a steer met is no longer sent, while the prompt comes as an item: two changes, each with its item', () => {
  const before = observationOf(modelAsked(1, [user]), modelAsked(2, [user, cut, steer]));
  const after = observationOf(first, modelAsked(2, [prompt, user, steer]));
  expect(changes(before, after)).toEqual([
    {
      what: 'model-request',
      place: 'model.request /v1/responses input.[assistant message]',
      before: expect.stringContaining('"text":"Hello"'),
      after: expect.stringContaining('"input":[1 entry]'),
    },
    {
      what: 'model-request',
      place: 'model.request /v1/responses input.[developer message]',
      before: expect.stringContaining('"input":[1 entry]'),
      after: expect.stringContaining('"text":"You are an agent."'),
    },
  ]);
});

test.each<[string, JsonObject, string]>([
  ['a setting', { store: false }, 'store'],
  ['another tool', { tools: [{ name: 'look', type: 'function' }] }, 'tools'],
  ['other instructions', { instructions: 'Be brief.' }, 'instructions'],
  [
    'a word of the turn’s metadata',
    { client_metadata: { 'x-codex-turn-metadata': '{"kind":"new"}' } },
    'turn_metadata',
  ],
])('of a request to the model: %s', (_, over, place) => {
  const found = changes(observationOf(first), observationOf(modelAsked(1, [prompt, user], over)));
  expect(found.at(-1)).toMatchObject({ what: 'model-request', place: expect.stringContaining(place) });
});

const page = (cursor: string | null) =>
  observationOf(asked(1, 'thread/turns/list'), answered(1, { data: [], nextCursor: cursor }));
const inside = (over: JsonObject) =>
  JSON.stringify({ thread: '01a22b47-f554-7001-91cb-4184b9ca8987', ordinal: 13, at: 1796021594252, ...over });

test.each<[string, string, string, string | undefined]>([
  [
    'another thread and time',
    inside({}),
    inside({ thread: 'a1a22b47-f554-7001-91cb-4184b9ca8987', at: 1796021594999 }),
    undefined,
  ],
  ['another place', inside({}), inside({ ordinal: 14 }), 'nextCursor.ordinal'],
  ['a new member', inside({}), inside({ scope: 'turns' }), 'nextCursor.scope'],
  [
    'the same in base64',
    Buffer.from(inside({})).toString('base64'),
    Buffer.from(inside({ ordinal: 2 })).toString('base64'),
    'nextCursor.ordinal',
  ],
  ['JSON that is a time now', inside({}), '2026-11-30T06:53:14Z|x', 'nextCursor'],
  ['times', '2026-11-30T06:53:14.216Z', '2027-01-30T06:53:14.216Z', undefined],
])('of a cursor: %s', (_, before, after, place) => {
  const found = changes(page(before), page(after));
  expect(found.map((one) => one.place.replace(/.* /, ''))).toEqual(place === undefined ? [] : [place]);
});

test('a line that only one side has is told by what a golden keeps', () => {
  expect(changes(page(inside({})), observationOf(asked(1, 'thread/turns/list')))).toEqual([]);
});

test('what the engine logs is compared without times, numbers and paths, each line once', () => {
  const line = (at: string, took: string, text: string) =>
    logged(`\u001b[2m${at}\u001b[0m \u001b[31mERROR\u001b[0m core: ${text} /r/w/a.txt after ${took}ms`);
  const before = observationOf(
    line('2026-11-30T06:53:14.216218Z', '12', 'read'),
    line('2026-11-30T06:53:15.2Z', '9', 'read'),
  );
  const same = observationOf(line('2026-12-01T00:00:00.1Z', '3.5', 'read'));
  expect(changes(before, same)).toEqual([]);
  const more = observationOf(...same.lines, line('2026-12-01T00:00:00.1Z', '3', 'wrote'));
  expect(changes(same, more)).toMatchObject([
    { what: 'line-added', place: 'stderr ERROR core: wrote <path> after <n>ms' },
  ]);
});
