import { expect, test } from 'vitest';
import type { Contract, SchemaObject } from '../../contract/types.ts';
import { type PrintedModels, withDroppedFields } from './dropped-fields.ts';

const text: SchemaObject = { type: 'string' };
const object = (properties: Record<string, SchemaObject>, ...required: string[]): SchemaObject => ({
  type: 'object',
  properties,
  required,
});
const list = (items: SchemaObject): SchemaObject => ({ type: 'array', items });
const ref = (name: string): SchemaObject => ({ $ref: `#/definitions/${name}` });
const variant = (type: string, properties: Record<string, SchemaObject>): SchemaObject =>
  object({ ...properties, type: { type: 'string', enum: [type] } }, 'type');

function contract(definitions: Record<string, SchemaObject>): Contract {
  const serverNotifications = { 'thing/changed': { params: 'ThingChanged', stability: 'stable' } };
  return { version: '1.0.0', methods: { serverNotifications }, schema: { definitions } } as unknown as Contract;
}

const models: PrintedModels = {
  version: '1.0.0',
  notifications: { 'thing/changed': 'ThingChangedNotification', 'never/sent': 'Never' },
  results: { 'codex.things': 'ThingList' },
  objects: { Outcome: { fields: { error: 'Failure' } } },
  types: {
    ThingChangedNotification: { fields: { thing: 'Thing' }, required: ['thing'] },
    Thing: { fields: { id: null, items: { list: 'Item' }, parent: 'Thing' }, required: ['id'] },
    ThingList: { fields: { data: { list: 'Thing' } }, required: ['data'] },
    Item: { root: { union: ['Message', 'Command'] } },
    Message: { fields: { type: null }, required: ['type'], tags: { type: ['message'] } },
    Command: { fields: { type: null, tools: { map: 'Tool' } }, required: ['type'], tags: { type: ['command'] } },
    Tool: { fields: { name: null }, required: ['name'], open: true },
    Failure: { fields: { message: null }, required: ['message'] },
    Never: { fields: {} },
  },
};

const definitions: Record<string, SchemaObject> = {
  ThingChanged: object({ thing: ref('Thing'), cause: text }, 'thing'),
  Thing: object(
    { id: text, items: list(ref('Item')), parent: { anyOf: [ref('Thing'), { type: 'null' }] }, extra: text },
    'id',
  ),
  ThingList: object({ data: list(ref('Thing')), next: text }, 'data'),
  Item: {
    properties: { at: text },
    oneOf: [
      variant('message', { phase: text }),
      variant('command', { tools: { type: 'object', additionalProperties: ref('Tool') } }),
      variant('later', { unheard: text }),
    ],
  },
  Tool: object({ name: text, schema: text }, 'name'),
  Failure: object({ message: text, code: text }, 'message'),
  Never: object({ field: text }),
};

const dropsOf = (...contracts: Contract[]) =>
  Object.fromEntries(
    Object.entries(withDroppedFields(models, contracts).types).flatMap(([name, { drops }]) =>
      drops ? [[name, drops]] : [],
    ),
  );

test('a model drops what an engine sends in its place: in lists, maps, variants, beside a union and in classes of the SDK', () => {
  expect(dropsOf(contract(definitions))).toEqual({
    ThingChangedNotification: ['cause'],
    Thing: ['extra'],
    ThingList: ['next'],
    Message: ['at', 'phase'],
    Command: ['at'],
    Failure: ['code'],
  });
});

test('what any engine of the window sends counts, and what none sends is dropped by nobody', () => {
  const later = { ...definitions, Failure: object({ message: text, code: text, detail: text }, 'message') };
  expect(dropsOf(contract(definitions), contract(later)).Failure).toEqual(['code', 'detail']);
  expect(dropsOf()).toEqual({});
});
