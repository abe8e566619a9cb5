import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import { normalise } from '../normalise/normalise.ts';
import { findingsBetween } from './findings.ts';
import { foldFindings } from './fold-findings.ts';
import { answered, asked, observationOf, told } from './test-fixtures/observation.ts';

/** What is said of scenarios that showed these messages before and now. */
function changes(...scenarios: [Parameters<typeof observationOf>, Parameters<typeof observationOf>][]) {
  const all = scenarios.map(([before, after], at) => ({
    ...{ scenario: `s${at}`, client: 'bare' as const, lines: 1 },
    findings: findingsBetween(normalise(observationOf(...before)), normalise(observationOf(...after))),
  }));
  return foldFindings(all, 'engine').map(({ change: { what, place, scenarios: times, example } }) => ({
    ...{ what, place, times, before: example?.before, after: example?.after },
  }));
}

const listed = (...data: JsonObject[]) => [asked(1, 'thing/list'), answered(1, { data })];
const thing = (name: string, over: JsonObject = {}): JsonObject => ({
  name,
  stage: 'beta',
  enabled: false,
  note: 'a b',
  ...over,
});
const counted = (total: JsonValue) => [told('usage/updated', { usage: { total, kind: 'all' } })];

test('how far a counter moved depends on the scenario: one change', () => {
  expect(changes([counted(5), counted(7)], [counted(50), counted(90)])).toEqual([
    {
      ...{ what: 'value-changed', place: 'wire.in usage/updated usage.total', times: 2 },
      before: 'wire.in usage/updated {"params":{"usage":{"kind":"all","total":5}}}',
      after: 'wire.in usage/updated {"params":{"usage":{"kind":"all","total":7}}}',
    },
  ]);
});

test('an error code is another one, whatever it was', () => {
  const refused = (code: number) => [
    asked(1, 'a/b'),
    { ch: 'wire.in' as const, msg: { id: 1, error: { code, message: 'no' } } },
  ];
  const found = changes([refused(-1), refused(-2)], [refused(-1), refused(-3)]);
  expect(found.map(({ what, place }) => `${what} ${place}`)).toEqual(
    Array(2).fill('error-changed wire.in answer a/b error.code'),
  );
});

test('several new entries are told by their names, in the list of their message', () => {
  const [found] = changes([listed(thing('a')), listed(thing('a'), thing('b'), thing('c'))]);
  expect(found).toMatchObject({ what: 'entry-added', place: 'wire.in answer thing/list data' });
  expect(found?.after).toBe('wire.in answer thing/list: b, c');
});

test('words of one entry that changed together are one change, with what changed and not the rest', () => {
  expect(changes([listed(thing('a')), listed(thing('a', { stage: 'stable', enabled: true }))])).toEqual([
    {
      ...{ what: 'value-changed', place: 'wire.in answer thing/list data.[a]', times: 1 },
      before: 'wire.in answer thing/list {"result":{"data":[{"enabled":false,"stage":"beta",…}]}}',
      after: 'wire.in answer thing/list {"result":{"data":[{"enabled":true,"stage":"stable",…}]}}',
    },
  ]);
});

test('an example shows the way to the change, and what stands beside it only where that is little', () => {
  const config = (over: JsonObject) => [
    asked(1, 'config/read'),
    answered(1, {
      config: { ...Object.fromEntries('abcdefgh'.split('').map((key) => [key, { deep: [1, 2] }])), ...over },
    }),
  ];
  expect(changes([config({}), config({ fresh: null })])).toEqual([
    {
      ...{ what: 'value-added', place: 'wire.in answer config/read config.fresh', times: 1 },
      before: 'wire.in answer config/read {"result":{"config":{…}}}',
      after: 'wire.in answer config/read {"result":{"config":{…,"fresh":null,…}}}',
    },
  ]);
});

const model = (id: string, over: JsonObject = {}): JsonObject => ({ id, note: 'as good as any', speed: 1, ...over });

test('entries without a name meet by their id, so that a catalogue with one model more has one change', () => {
  const before = listed(model('astra', { tiers: [] }), model('luna'));
  const after = listed(model('nova'), model('astra', { tiers: [] }), model('luna', { note: 'older now' }));
  expect(changes([before, after]).map(({ what, place }) => `${what} ${place}`)).toEqual([
    'message-text wire.in answer thing/list [luna].note',
    'entry-added wire.in answer thing/list data',
  ]);
});

test('an id that the engine made says nothing of what an entry is', () => {
  const one = (id: string, state: string) => listed({ id, state });
  const [found] = changes([
    one('0199a213-81c0-7800-8aa1-bbab2a035a53', 'open'),
    one('0199a213-81c0-7800-8aa1-bbab2a035a54', 'shut'),
  ]);
  expect(found).toMatchObject({ what: 'value-changed', place: 'wire.in answer thing/list data.state' });
});

test('what stands on which page is no change', () => {
  const page = (...ids: string[]) => [
    asked(1, 'thing/list'),
    answered(1, { data: ids.map((id) => model(id)), nextCursor: 'abc' }),
  ];
  expect(changes([page('astra', 'luna'), page('nova', 'astra')])).toEqual([]);
});

test('a value of another type is one change, whatever members it has', () => {
  const mode = (sandbox: JsonObject) => [told('mode/updated', { sandbox })];
  expect(
    changes([mode({ type: 'readOnly', network: false, paths: ['/a'] }), mode({ type: 'full', since: 3 })]),
  ).toMatchObject([{ what: 'value-changed', place: 'wire.in mode/updated sandbox', times: 1 }]);
});

test('a field is one change in an answer, in an event and in the entries of a list', () => {
  const everywhere = (over: JsonObject) => [
    told('project/updated', { project: { id: 'p', ...over } }),
    asked(1, 'project/list'),
    answered(1, { data: [{ id: 'p', ...over }] }),
  ];
  expect(changes([everywhere({ position: 0 }), everywhere({})])).toMatchObject([
    { what: 'value-removed', place: 'wire.in project.position', times: 1 },
  ]);
});

test('the items that exec numbers are the same with another number', () => {
  const said = (...texts: string[]) =>
    texts.map((text, at) => ({
      ...{ ch: 'wire.in' as const, run: 1 },
      msg: { type: 'item.completed', item: { id: `item_${at}`, type: 'agent_message', text } },
    }));
  expect(changes([said('done'), said('careful now', 'done')])).toMatchObject([{ what: 'line-added' }]);
});

test('an example shows the entry that lacks what the other side has, in a list and in a text that holds JSON', () => {
  const tool = (name: string, over: JsonObject) => ({ name, parameters: { type: 'object', ...over } });
  const offered = (over: JsonObject) => [told('tools', { tools: [tool('look', {}), tool('see', over)] })];
  expect(changes([offered({}), offered({ detail: 1 })])[0]).toMatchObject({
    before: 'wire.in tools {"params":{"tools":[…,{"name":"see","parameters":{"type":"object"}}]}}',
    after: 'wire.in tools {"params":{"tools":[…,{"name":"see","parameters":{"detail":1,"type":"object"}}]}}',
  });
  const written = (over: JsonObject) => [
    told('say', { parts: [{ text: 'first' }, { text: JSON.stringify({ place: 'here', ...over }) }] }),
  ];
  expect(changes([written({}), written({ environment: 'x' })])[0]).toMatchObject({
    before: 'wire.in say {"params":{"parts":[…,{"text":{"place":"here"}}]}}',
    after: 'wire.in say {"params":{"parts":[…,{"text":{"place":"here","environment":"x"}}]}}',
  });
});

test('where a run of exec ends in another way, what came of it is no change beside', () => {
  const run = (code: number, ...more: Parameters<typeof observationOf>): Parameters<typeof observationOf> => [
    { ch: 'argv', run: 1, argv: ['exec'] } as (typeof more)[number],
    ...more,
    { ch: 'stderr', run: 1, text: code === 0 ? '' : 'refused' },
    { ch: 'exit', run: 1, code, signal: null } as (typeof more)[number],
  ];
  const said = { ch: 'wire.in' as const, run: 1, msg: { type: 'turn.completed', usage: {} } };
  expect(changes([run(2), run(0, said)]).map(({ what, place }) => `${what} ${place}`)).toEqual([
    'exit-changed exit code',
  ]);
});
