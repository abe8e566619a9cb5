import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const lists = new URL('../../fixtures/bumps/', import.meta.url);
const reports = new URL('../../docs/bumps/', import.meta.url);
const listed = readdirSync(lists).filter((name) => name.endsWith('.behaviour.yaml'));

test.each(listed)('the committed report tells everything of the list made by hand, %s', (name) => {
  const list = parse(readFileSync(new URL(name, lists), 'utf8')) as { id: string; find: string[] }[];
  const report = readFileSync(new URL(name.replace('.behaviour.yaml', '.md'), reports), 'utf8').toLowerCase();
  const changes = report.split(/\n(?=- \*\*)/);
  const tells = ({ find }: { find: string[] }) =>
    changes.some((change) => find.every((text) => change.includes(text.toLowerCase())));
  expect(list.filter((entry) => !tells(entry)).map(({ id }) => id)).toEqual([]);
  expect(list.length).toBeGreaterThan(20);
});
