import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BundledSkills } from './bundled-skills.ts';

let root: string;
let skills: BundledSkills;
let homes = 0;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bundled-skills-'));
  skills = new BundledSkills(join(root, 'kept'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const system = (home: string, ...names: string[]) => join(home, 'skills', '.system', ...names);

function unpack(home: string, text = 'text'): void {
  mkdirSync(system(home, 'one'), { recursive: true });
  writeFileSync(system(home, 'one', 'SKILL.md'), text);
  writeFileSync(system(home, '.marker'), '1');
}

/** One cell: the engine unpacks where nothing is there, the work may write, and the cell ends. */
function cell(work: (home: string) => void = () => {}, engine = 'a', text?: string): { given: boolean; home: string } {
  homes += 1;
  const home = join(root, `home-${homes}`);
  mkdirSync(home);
  const given = skills.give(engine, home);
  if (given === undefined) unpack(home, text);
  work(home);
  skills.takeBack(engine, home, given);
  return { given: given !== undefined, home };
}

test('the third cell of an engine gets what the second has unpacked, and so on', () => {
  expect([cell(), cell(), cell(), cell()].map(({ given }) => given)).toEqual([false, false, true, true]);
  const seen = cell((home) => expect(readFileSync(system(home, 'one', 'SKILL.md'), 'utf8')).toBe('text'));
  expect(seen.given).toBe(true);
  expect(existsSync(system(seen.home))).toBe(false);
});

test.each<[string, (home: string) => void]>([
  ['a file is rewritten', (home) => writeFileSync(system(home, 'one', 'SKILL.md'), 'longer')],
  ['a file has another mode', (home) => chmodSync(system(home, 'one', 'SKILL.md'), 0o600)],
  ['a file is new', (home) => writeFileSync(system(home, 'two'), '')],
  ['a file is gone', (home) => rmSync(system(home, 'one', 'SKILL.md'))],
  ['all is gone', (home) => rmSync(system(home), { recursive: true })],
])('what a cell has touched is handed to nobody: %s', (_, touch) => {
  cell();
  cell();
  expect(cell(touch).given).toBe(true);
  expect(cell().given).toBe(false);
});

test('what a cell has changed of its own unpacking is not taken for the engine’s', () => {
  const change = (home: string) => writeFileSync(system(home, 'one', 'SKILL.md'), 'changed');
  expect([cell(change), cell(), cell(), cell()].map(({ given }) => given)).toEqual([false, false, false, true]);
});

test('each engine has its own', () => {
  cell();
  cell();
  expect(cell(undefined, 'b', 'other').given).toBe(false);
  expect(cell().given).toBe(true);
});

test('a scenario’s own skills stay, and what no engine has unpacked is not looked for', () => {
  cell();
  cell();
  const home = join(root, 'own');
  unpack(home, 'own');
  expect(skills.give('a', home)).toBeUndefined();
  expect(readFileSync(system(home, 'one', 'SKILL.md'), 'utf8')).toBe('own');
  skills.takeBack('a', join(root, 'nothing'), undefined);
});
