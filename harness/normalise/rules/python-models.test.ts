import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { drop, type RuleContext } from '../types.ts';
import { droppedIn, fieldsUnknownToPython, type PythonModels, pythonModels } from './python-models.ts';

const result = (op: string, value: JsonValue): ObservationBody => ({ ch: 'result', lane: 'main', op, value });
const event = (method: string, payload: JsonObject): ObservationBody => ({
  ch: 'event',
  lane: 'events',
  method,
  payload,
  known: true,
});

/** One model of each kind. */
const made: PythonModels = {
  generated: '',
  version: '1.0.0',
  notifications: { 'thing/changed': 'Thing' },
  results: { 'codex.things': 'ThingList', '*.read': 'Thing' },
  objects: { Outcome: { fields: { items: { list: 'Item' } } } },
  types: {
    Thing: { fields: { id: null, items: { list: 'Item' }, byName: { map: 'Item' }, sizes: 'Size' }, drops: ['extra'] },
    ThingList: { fields: { data: { list: 'Thing' } } },
    Item: { root: { union: ['Message', 'Command'] } },
    Message: { fields: { type: null, text: null }, required: ['type'], tags: { type: ['message'] }, drops: ['at'] },
    Command: { fields: { type: null, at: null }, required: ['type'], tags: { type: ['command'] }, drops: ['text'] },
    Size: { root: { union: ['Length', 'Area', null] } },
    Length: { fields: { x: null }, required: ['x'], drops: ['y'] },
    Area: { fields: { x: null, y: null }, required: ['x', 'y'], drops: ['z'] },
  },
};

const message = { type: 'message', text: 'hi', at: 1 };
const command = { type: 'command', text: 'hi', at: 1 };
const dropped = (line: ObservationBody) => [...droppedIn(line, made)];

test.each<[string, ObservationBody, string[]]>([
  ['a field', event('thing/changed', { id: '1', extra: {}, unheard: 1 }), ['payload/extra']],
  [
    'an item of a list',
    event('thing/changed', { items: [command, message] }),
    ['payload/items/0/text', 'payload/items/1/at'],
  ],
  ['an entry of a map', event('thing/changed', { byName: { extra: message } }), ['payload/byName/extra/at']],
  ['a variant without a model', event('thing/changed', { items: [{ type: 'later', at: 1 }] }), []],
  [
    'a union without a tag: the form that takes most',
    event('thing/changed', { sizes: { x: 1, y: 2, z: 3 } }),
    ['payload/sizes/z'],
  ],
  ['a union without a tag: the form that fits', event('thing/changed', { sizes: { x: 1, z: 3 } }), []],
  ['a notification without a model', event('other/changed', { extra: 1 }), []],
  ['a page of a list', result('codex.things', { data: [{ extra: 1 }], extra: 1 }), ['value/data/0/extra']],
  ['an operation of what the client gave', result('t.read', { extra: 1 }), ['value/extra']],
  ['an operation further down', result('codex.rpc.read', { extra: 1 }), []],
  ['a class of the SDK', result('t.run', { $type: 'Outcome', items: [message], extra: 1 }), ['value/items/0/at']],
  ['null', result('t.read', null), []],
  ['the wire', { ch: 'wire.in', msg: { method: 'thing/changed', params: { extra: 1 } } }, []],
])('what a model lacks is dropped where it stands: %s', (_title, line, expected) => {
  expect(dropped(line)).toEqual(expected);
});

test('the rule drops by the committed models, and nothing that no engine sends', () => {
  const line = event('item/completed', {
    item: { type: 'userMessage', id: '1', content: [], startedAtMs: 1, madeUp: 1 },
    contentTokenCount: 3,
  });
  const applied = (...at: string[]) =>
    fieldsUnknownToPython.apply(1, { key: at.at(-1), path: at, line }, {} as RuleContext);
  expect(applied('payload', 'item', 'startedAtMs')).toBe(drop);
  expect(applied('payload', 'contentTokenCount')).toBe(drop);
  expect(applied('payload', 'item', 'madeUp')).toBeUndefined();
  expect(applied('payload', 'item', 'content')).toBeUndefined();
});

test('an operation that Python lacks: what its threads lack is dropped, wherever a thread stands', () => {
  const thread = { id: '1', extra: null };
  const line = result('codex.request', { thread, data: [{ thread }], extra: null, workspaceRouting: null });
  expect([...droppedIn(line, pythonModels())]).toEqual(['value/thread/extra', 'value/data/0/thread/extra']);
});
