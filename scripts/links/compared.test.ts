import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'compared.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
const features = rows.slice(1).filter(([feature = '']) => !feature.startsWith('**'));

test('the table says something of each SDK for each feature', () => {
  expect(features.length).toBeGreaterThan(50);
  for (const cells of features) {
    expect(cells, cells[0]).toHaveLength(7);
    expect(cells.every(Boolean), cells[0]).toBe(true);
  }
  expect(new Set(features.map(([feature]) => feature)).size).toBe(features.length);
});

test('each scenario that proves something is one that our client plays', () => {
  const links = [...page.matchAll(/\(\.\.\/(fixtures\/scenarios\/[^)]+)\)/g)].map(([, target = '']) => target);
  expect(links.length).toBeGreaterThan(60);
  for (const target of new Set(links)) {
    const { clients = ['ts'] } = parse(readFileSync(join(docs, '..', target), 'utf8')) as { clients?: string[] };
    expect(
      clients.filter((client) => client === 'ts' || client === 'ts-exec'),
      target,
    ).not.toEqual([]);
  }
});

test('each thing that we have links to its proof, which is there; each that we lack says why', () => {
  for (const [feature = '', ours = ''] of features) {
    if (ours.startsWith('no')) {
      expect(ours, feature).toMatch(/^no: \S.{10,}/);
      continue;
    }
    const links = [...ours.matchAll(/\[[^\]]+\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    expect(links, feature).not.toEqual([]);
    for (const target of links) {
      expect(existsSync(join(docs, target)), `${feature}: ${target}`).toBe(true);
      expect(target, feature).toMatch(/^(\.\.\/(fixtures\/scenarios|examples)\/|\.\.\/.+\.test\.ts$|[\w/-]+\.md$)/);
    }
  }
});
