import { expect, test } from 'vitest';
import { stripProse } from './strip-prose.ts';

test('prose goes, fields named like prose stay, keys and required are sorted, references lose their namespace', () => {
  const raw = {
    title: 'Thing',
    description: 'What it is.',
    type: 'object',
    required: ['title', 'description'],
    properties: {
      title: { type: 'string', description: 'x' },
      description: { $ref: '#/definitions/v2/Text' },
    },
  };
  expect(JSON.stringify(stripProse(raw, 'Thing'))).toBe(
    '{"type":"object","properties":{"description":{"$ref":"#/definitions/Text"},"title":{"type":"string"}},"required":["description","title"]}',
  );
});

test('a keyword that the generator does not know is refused, not dropped', () => {
  expect(() => stripProse({ type: 'string', pattern: '^a' }, 'Thing')).toThrow(
    'Reading Thing: saw the keyword "pattern"',
  );
});
