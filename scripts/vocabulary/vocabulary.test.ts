import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, test } from 'vitest';
import { findRefusedWords } from './find-refused-words.ts';
import { type RefusedWord, refusedWords } from './refused-words.ts';

const root = join(import.meta.dirname, '../..');
const words: readonly RefusedWord[] = [{ pattern: /\bgizmo\b/i, write: 'engine' }];

test.each([
  ['a line of a page', 'docs/a.md', 'one\nA Gizmo starts.\n', 2],
  ['a comment', 'a.ts', 'const a = 1;\n/**\n * A gizmo.\n */\n', 3],
  ['a comment behind code', 'a.ts', 'const a = 1; // a gizmo\n', 1],
  ['a text', 'a.ts', "throw new Error('no gizmo');\n", 1],
  ['each part of a template', 'a.mjs', 'const a = `\x24{b} and\na gizmo \x24{c}`;\n', 2],
  ['a comment of Python', 'a.py', '# a gizmo\n', 1],
  ['a reason', 'fixtures/a.yaml', '- id: a\n  reason: The gizmo differs.\n', 2],
])('%s is read', (_, file, text, line) => {
  expect(findRefusedWords(file, text, words)).toEqual([
    expect.stringMatching(`^${file}:${line}: "[Gg]izmo"; write engine$`),
  ]);
});

test.each([
  ['a name of a program', 'a.ts', 'const gizmo = 1;\n'],
  ['a key of a list', 'fixtures/a.yaml', '- gizmo: a\n'],
  ['a part of another word', 'docs/a.md', 'Gizmology.\n'],
])('%s is not', (_, file, text) => {
  expect(findRefusedWords(file, text, words)).toEqual([]);
});

const folders = [
  'ci',
  'cli',
  'docs',
  'examples',
  'fake-codex-rs',
  'harness',
  'native',
  'python-golden',
  'scripts',
  'sdk',
  'testing',
];
/** The list itself, tests, which may quote anything, and what programs write. */
const leftOut =
  /\.test\.tsx?$|\.spec\.ts$|\/test-fixtures\/|\/tests\/|^scripts\/vocabulary\/|^sdk\/protocol\/|^docs\/(?:api\/|parity\.md)|\/(?:node_modules|dist|__pycache__)\//;

function filesBelow(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.map((name) => `${folder}/${name.split(sep).join('/')}`);
}

test('the repository uses its own words', () => {
  const lists = readdirSync(join(root, 'fixtures')).filter((name) => name.endsWith('.yaml'));
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    ...lists.map((name) => `fixtures/${name}`),
    ...folders.flatMap(filesBelow).filter((name) => /\.(?:md|ts|tsx|mjs|js|py)$/.test(name) && !leftOut.test(name)),
  ];
  expect(files.length).toBeGreaterThan(500);
  expect(files.flatMap((file) => findRefusedWords(file, readFileSync(join(root, file), 'utf8'), refusedWords))).toEqual(
    [],
  );
}, 60_000);
