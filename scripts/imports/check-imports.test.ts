import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkImports, typeCircles } from './check-imports.ts';

const root = mkdtempSync(join(tmpdir(), 'twinproof-imports-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function problemsOf(files: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return checkImports(root).map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

test('a tree whose imports go one way has no problems', () => {
  const problems = problemsOf({
    'fixtures/data.json': '{}',
    'native/a.ts':
      "import { readFile } from 'node:fs';\nimport data from '../fixtures/data.json' with { type: 'json' };",
    'sdk/b.ts': "export { a } from '../native/a.ts';\nimport type { C } from './c.ts';",
    'sdk/c.ts': "import { c } from './codec.ts';",
    'sdk/codec.ts': '',
    'cli/h.ts': "import '../harness/d.ts';",
    'ci/i.ts': "import '../harness/d.ts';",
    'sdk/b.test.ts': "import { test } from 'vitest';\nimport { b } from './b.ts';",
    'harness/d.ts':
      "import Ajv from 'ajv';\nconst late = await import('../testing/e.mjs');\n// import '../scripts/gate.ts'",
    'testing/e.mjs': 'const text = "import \'../scripts/gate.ts\'";',
    'fake-codex-rs/f.ts': "import type { P } from '../sdk/protocol/types.ts';\nimport { g } from './g.ts';",
    'fake-codex-rs/g.ts': '',
    'harness/run/a.ts': "import '../verdict/a.ts';\nimport './b.ts';",
    'harness/run/b.ts': '',
    'harness/verdict/a.ts': '',
    'harness/proofs/coverage/a.ts': "import '../../run/a.ts';\nimport '../mutation/a.ts';",
    'harness/proofs/mutation/a.ts': '',
  });
  expect(problems).toEqual([]);
});

test.each([
  ['sdk/a.ts', "import '../harness/x.ts';", 'got harness/x.ts in sdk'],
  ['sdk/a.ts', "import type { X } from '../testing/x.ts';", 'got testing/x.ts in sdk'],
  ['sdk/a.test.ts', "import '../harness/x.ts';", 'got harness/x.ts in sdk'],
  ['native/a.mjs', "export * from '../sdk/x.ts';", 'got sdk/x.ts in native'],
  ['testing/a.ts', "const x = await import('../harness/x.ts');", 'got harness/x.ts in testing'],
  ['harness/a.ts', "import '../scripts/x.ts';", 'got scripts/x.ts in harness'],
  ['harness/a.ts', "import '../cli/x.ts';", 'got cli/x.ts in harness'],
  ['cli/a.ts', "import '../scripts/x.ts';", 'got scripts/x.ts in cli'],
  ['scripts/a.ts', "import '../ci/x.ts';", 'got ci/x.ts in scripts'],
  ['harness/a.ts', "import '../fake-codex-rs/x.ts';", 'expected fake-codex-rs to be started as a program'],
  ['fake-codex-rs/a.ts', "import { p } from '../sdk/protocol/x.ts';", 'expected nothing but `import type`'],
  ['fake-codex-rs/a.ts', "import { type P } from '../sdk/protocol/x.ts';", 'expected nothing but `import type`'],
  ['fake-codex-rs/a.ts', "import type { P } from '../sdk/client/x.ts';", 'expected nothing but `import type`'],
  ['sdk/a.ts', "import { x } from 'some-package/deep';", 'got the package some-package'],
  ['sdk/a.ts', "import '../../elsewhere.ts';", 'expected a file of the repository, got ../../elsewhere.ts'],
])('%s with %s is refused', (file, text, told) => {
  const [problem, ...others] = problemsOf({ [file]: `\n${text}` });
  expect(others).toEqual([]);
  expect(problem).toContain(`${file}:2: `);
  expect(problem).toContain(told);
});

test('files that import one another are named as a circle, once', () => {
  const problems = problemsOf({
    'sdk/a.ts': "import './b.ts';",
    'sdk/b.ts': "\nimport './c.ts';",
    'sdk/c.ts': "export * from './a.ts';",
  });
  expect(problems).toEqual(['sdk/a.ts:1: circular import: sdk/a.ts → sdk/b.ts → sdk/c.ts → sdk/a.ts']);
});

test.each([
  ['harness/run/c.ts', 'harness/verdict/a.ts'],
  ['harness/run/c.ts', 'harness/proofs/mutation/a.ts'],
  ['harness/proofs/coverage/c.ts', 'harness/proofs/mutation/a.ts'],
])('two folders of harness that import each other are refused, types and tests too: %s and %s', (from, to) => {
  const up = (file: string) => '../'.repeat(file.split('/').length - 2);
  const at = (file: string) => file.slice('harness/'.length);
  const [test, back] = [to.replace('a.ts', 'a.test.ts'), from.replace('c.ts', 'd.ts')];
  const problems = problemsOf({
    [from]: `\nimport type { A } from '${up(from)}${at(to)}';`,
    [to]: '',
    [test]: `import '${up(to)}${at(back)}';`,
    [back]: '',
  });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('expected no two folders of harness to import each other');
  for (const file of [from, test]) expect(problems[0]).toContain(file);
});

test('a circle of types is refused where it is not listed', () => {
  const files = { 'sdk/a.ts': "import type { B } from './b.ts';", 'sdk/b.ts': "\nimport { a } from './a.ts';" };
  const told =
    'expected no circle of types but those of scripts/imports/check-imports.ts, got one of sdk/a.ts, sdk/b.ts';
  expect(problemsOf(files)).toEqual([`sdk/a.ts:1: ${told}`]);
  const listed = [{ files: ['sdk/a.ts', 'sdk/b.ts'], reason: 'a test' }];
  expect(checkImports(root, listed)).toEqual([]);
});

test('every circle of types that is listed is there', () => {
  const repository = join(import.meta.dirname, '..', '..');
  const found = checkImports(repository, []).map(({ message }) => message.replace(/.* got one of /, ''));
  expect(found.sort()).toEqual(typeCircles.map(({ files }) => files.join(', ')).sort());
}, 60_000);
