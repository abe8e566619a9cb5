import { join } from 'node:path';
import { expect, test } from 'vitest';
import { constants } from './constants.ts';
import { limitConstants, numericProperties, publishedSources } from './find-limits.ts';

const sources = publishedSources(join(import.meta.dirname, '../..'));

test('every number that limits something is in the table, and is what the table says', () => {
  const found = limitConstants(sources).map(({ name, value }) => `${name} = ${value}`);
  const known = Object.entries(constants).flatMap(([file, rows]) =>
    rows.map(([name, value]) => `${file} ${name} = ${value}`),
  );
  expect(
    known.toSorted(),
    'scripts/limits/constants.ts has every number of what is published: add the new one, with its unit, and a test of its edges',
  ).toEqual(found.toSorted());
});

test('what is called milliseconds counts milliseconds, and what counts them is called so', () => {
  for (const [file, rows] of Object.entries(constants))
    for (const [name, , unit] of rows) {
      const says = /Ms(?:\.|$)/.test(name);
      if (name !== 'value <= 2 ** 31 - 1') expect(unit === 'milliseconds', `${file} ${name}`).toBe(says);
    }
  // Beside the wire's own names, no option counts seconds.
  const names = numericProperties(sources).map(({ name }) => name);
  expect(names.filter((name) => /seconds|secs?$/i.test(name) && name !== 'Registered.seconds')).toEqual([]);
});
