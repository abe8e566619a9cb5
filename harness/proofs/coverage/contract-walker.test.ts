import { expect, it } from 'vitest';
import type { Contract, SchemaObject } from '../../contract/types.ts';
import { ContractWalker } from './contract-walker.ts';

const text: SchemaObject = { type: 'string' };
const definitions: Record<string, SchemaObject> = {
  Root: {
    type: 'object',
    required: ['items'],
    properties: {
      items: { type: 'array', items: { $ref: '#/definitions/Item' } },
      mode: { anyOf: [{ $ref: '#/definitions/Mode' }, { type: 'null' }] },
      inner: { type: 'object', properties: { deep: text } },
      byName: { type: 'object', additionalProperties: { $ref: '#/definitions/Mode' } },
      again: { $ref: '#/definitions/Root' },
    },
  },
  Item: {
    oneOf: [
      { type: 'object', required: ['type'], properties: { type: { type: 'string', enum: ['a'] }, of: text } },
      { type: 'object', required: ['type'], properties: { type: { type: 'string', enum: ['b'] }, of: text } },
    ],
  },
  Mode: {
    oneOf: [
      { type: 'string', enum: ['fast', 'slow'] },
      { type: 'object', required: ['custom'], properties: { custom: text } },
    ],
  },
};
const walker = new ContractWalker({ schema: { definitions } } as unknown as Contract);

function told(walk: (visitor: Parameters<ContractWalker['walkValue']>[2]) => void): string[] {
  const names: string[] = [];
  const note = (name: string) => names.push(name);
  walk({ field: note, enumValue: note, variant: note });
  return names.sort();
}

it('names every field, variant and enum value that a type could hold, each once', () => {
  const names = told((visitor) => walker.walkType('Root', visitor, new Set()));
  expect(names).toEqual(
    [
      'Item{a}',
      'Item{a}.of',
      'Item{b}',
      'Item{b}.of',
      'Mode.custom',
      'Mode=fast',
      'Mode=slow',
      'Root.again',
      'Root.byName',
      'Root.inner',
      'Root.inner.deep',
      'Root.items',
      'Root.mode',
    ].sort(),
  );
});

it('names what a value holds, by the variant and the branch that it is of', () => {
  const value = { items: [{ type: 'b', of: 'x', more: 1 }], mode: 'slow', byName: { x: { custom: 'y' } }, odd: true };
  const names = told((visitor) => walker.walkValue('Root', value, visitor));
  expect(names).toEqual(
    ['Item{b}', 'Item{b}.of', 'Mode.custom', 'Mode=slow', 'Root.byName', 'Root.items', 'Root.mode'].sort(),
  );
});

it('takes null, unknown values and what is not of the type for nothing', () => {
  const value = { items: [{ type: 'c', of: 'x' }, 7, null], mode: null, inner: { deep: null } };
  expect(told((visitor) => walker.walkValue('Root', value, visitor))).toEqual(['Root.inner', 'Root.items']);
  expect(told((visitor) => walker.walkValue('Root', { items: [], mode: 'odd' }, visitor))).toEqual([
    'Root.items',
    'Root.mode',
  ]);
});
