import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');

interface Shown {
  scenario?: string;
  test?: string;
  named?: string;
  not?: string;
}

/** The lines of a file of tests where the title of a test begins. */
const titles = (source: string) =>
  source.split('\n').filter((line) => /^\s*(?:(?:test\b.*|\]?\))\()?['"`]\S+ .*(?:['"`],| => \{)/.test(line));
const { failures, parts } = parse(text('scripts/part-failures.yaml')) as {
  failures: Record<string, string>;
  parts: Record<string, Record<string, Shown>>;
};
const cells = Object.entries(parts).flatMap(([part, shown]) =>
  Object.entries(shown).map(([failure, one]): [string, Shown] => [`${part}: ${failure}`, one]),
);

test('each part says of each failure what shows it, or why there is none', () => {
  for (const [part, shown] of Object.entries(parts))
    expect(Object.keys(shown).toSorted(), part).toEqual(Object.keys(failures).toSorted());
  for (const [cell, { scenario, test: file, named, not }] of cells) {
    expect(
      [scenario, file, not].filter((one) => one !== undefined),
      cell,
    ).toHaveLength(1);
    expect(file === undefined, cell).toBe(named === undefined);
    if (not !== undefined) expect(not.length, cell).toBeGreaterThan(10);
  }
});

test.each(cells.filter(([, { not }]) => not === undefined))('%s is shown by what is there', (_cell, shown) => {
  const { scenario, test: file = '', named = '' } = shown;
  if (scenario !== undefined) expect(existsSync(join(root, `fixtures/scenarios/${scenario}.yaml`))).toBe(true);
  else expect(titles(text(file)).filter((title) => title.includes(named))).toHaveLength(1);
});

test('each part that a program loads with its first use has its row', () => {
  // These are of control, and have tests of their own beside the turns'.
  const ofControl = ['approvals', 'tools', 'output'];
  const lazy =
    /(?:What only some programs use has a folder of its own)(.*)/.exec(text('docs/architecture.md'))?.[1] ?? '';
  const folders = [...lazy.matchAll(/`sdk\/([a-z-]+)`/g)].flatMap(([, name = '']) => name);
  expect(folders).toContain('mcp');
  const known = [...Object.keys(parts), ...ofControl, 'client', 'schema', 'redact'];
  for (const folder of folders) expect(known, folder).toContain(folder);
  const menu = readdirSync(join(root, 'sdk'));
  for (const part of Object.keys(parts))
    expect([...menu, 'auto-run', 'streams', 'exec-remote'].includes(part), part).toBe(true);
});
