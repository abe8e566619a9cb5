import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { instrument } from './instrument.ts';

let root = '';
afterEach(() => rm(root, { recursive: true, force: true }));

test('mutants are named by their place and text, and switched off; tests are not mutated', async () => {
  root = await mkdtemp(path.join(tmpdir(), 'instrument-'));
  await mkdir(path.join(root, 'sdk', 'rpc'), { recursive: true });
  const text = 'export const both = (a: boolean, b: boolean): boolean =>\n  a &&\n  b;\n';
  await writeFile(path.join(root, 'sdk', 'rpc', 'both.ts'), text);
  await writeFile(path.join(root, 'sdk', 'rpc', 'both.test.ts'), text);
  const { mutants, sources } = await instrument(root, ['sdk/rpc']);
  expect(mutants.find(({ mutator }) => mutator === 'LogicalOperator')).toMatchObject({
    file: 'sdk/rpc/both.ts',
    line: 2,
    column: 3,
    original: 'a &&\n  b',
    replacement: 'a || b',
  });
  expect([...sources.keys()]).toEqual([path.join(root, 'sdk', 'rpc', 'both.ts')]);
  expect([...sources.values()][0]).toContain('stryMutAct');
});
