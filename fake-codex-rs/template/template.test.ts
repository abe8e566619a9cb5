import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { isObject, type JsonValue } from '../exact-json.ts';
import { sampleFacts as facts } from '../test-fixtures/sample-facts.ts';
import { checkValue } from './check-value.ts';
import { complete } from './complete.ts';
import { knownContract } from './contract.ts';

const contract = knownContract('');
const { results, requests, notifications } = contract.methods;
const said = [...Object.values(results), ...Object.values(requests), ...Object.values(notifications)];
const names = [...new Set(said)].filter((name) => name !== null).sort();
const whole = (name: string, given?: JsonValue) => complete(contract, facts, { $ref: `#/${name}` }, given);

const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false });
const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const { pin, engines } = read('native/engine.lock.json');
const window = [...Object.keys(engines).filter((version) => version !== pin), pin];
const schemas = window.map((version) => read(`fixtures/contract/${version}/schema.json`));
ajv.addSchema({
  $id: 'contract',
  ...{ ...schemas.at(-1), definitions: Object.assign({}, ...schemas.map(({ definitions }) => definitions)) },
});
const ajvAccepts = (name: string, value: JsonValue) => ajv.validate(`contract#/definitions/${name}`, value);
const accepts = (name: string, value: JsonValue) => checkValue(contract, contract.type(name), value) === undefined;

test('of every type that the engine says there is a least value, and it is of the type', () => {
  const broken = names.filter((name) => !accepts(name, whole(name)) || !ajvAccepts(name, whole(name)));
  expect(broken).toEqual([]);
});

test('so it is of a type that only another type has, and a text has its least length', () => {
  expect(whole('Model')).toMatchObject({ defaultReasoningEffort: 'x' });
  expect(accepts('Model', whole('Model'))).toBe(true);
});

test('judges as ajv does, also what is nearly right', () => {
  const different: string[] = [];
  let refused = 0;
  for (const name of names) {
    for (const value of spoilt(whole(name))) {
      const ours = accepts(name, value);
      if (!ours) refused += 1;
      if (ours !== ajvAccepts(name, value)) different.push(`${name} ${JSON.stringify(value)}`);
    }
  }
  expect(different).toEqual([]);
  expect(refused).toBeGreaterThan(500);
});

test('states ids, times and the kind of item where a script says nothing of them', () => {
  expect(whole('ItemCompletedNotification', { item: { text: 'hi' } })).toEqual({
    completedAtMs: 1_700_000_000_000,
    item: { id: 'item-1', text: 'hi', type: 'agentMessage' },
    threadId: 'thread-1',
    turnId: 'turn-1',
  });
  expect(whole('TurnCompletedNotification', { turn: { status: 'weird', items: { $absent: true } } })).toEqual({
    threadId: 'thread-1',
    turn: { id: 'turn-1', status: 'weird' },
  });
  expect(whole('ItemStartedNotification', { item: { type: 'mystery', colour: 7 } })).toMatchObject({
    item: { type: 'mystery', colour: 7 },
  });
});

/** The value with each of its parts in turn left out, and put in place of by another kind of value. */
function spoilt(value: JsonValue): JsonValue[] {
  const others: JsonValue[] = [null, 7, -1, 'text', [], {}];
  if (!isObject(value)) return others;
  return Object.entries(value).flatMap(([key, inner]) => {
    const { [key]: _left, ...rest } = value;
    return [rest, ...spoilt(inner).map((other) => ({ ...value, [key]: other }))];
  });
}
