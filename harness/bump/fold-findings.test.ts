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
