import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { BumpReport } from '../harness/bump/types.ts';
import { applyStep } from './apply-step.ts';

const root = mkdtempSync(path.join(tmpdir(), 'twinproof-apply-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const folder = path.join(root, 'fixtures/scenarios/a');
mkdirSync(folder, { recursive: true });
const file = (name: string) => path.join(folder, `${name}.yaml`);
const written = '# a comment\nid: a/x\ntitle: X\nfamily: app-server\ncovers: [gone/method]\n';

const lacking = (scenario: string, side: 'before' | 'after') => ({
  scenario,
  side,
  reason: 'engine 2.0.0 has no gone/method',
});
const report = {
  from: '1.0.0',
  to: '2.0.0',
  runs: {
    notApplicable: [
      lacking('a/x', 'after'),
      lacking('a/m/one', 'after'),
      lacking('a/m/two', 'after'),
      lacking('a/new', 'before'),
    ],
  },
} as BumpReport;

test('the lock comes first, then the ranges, what is generated, the goldens and the pages', async () => {
  for (const name of ['x', 'm', 'new']) writeFileSync(file(name), written);
  const asked: string[] = [];
  const npm = async (args: readonly string[]) => {
    asked.push(`${args.join(' ')}${readFileSync(file('x'), 'utf8').includes('until') ? ', with ranges' : ''}`);
    return 0;
  };
  await applyStep(report, { root, npm, note: () => {} });
  expect(asked).toEqual([
    'pin -- 2.0.0 --pin',
    'generate, with ranges',
    'record, with ranges',
    'generate, with ranges',
  ]);
  const ranged = written.replace('family: app-server\n', 'family: app-server\nuntil: 1.0.0\n');
  expect(['x', 'm', 'new'].map((name) => readFileSync(file(name), 'utf8'))).toEqual([ranged, ranged, written]);
});

test('a command that fails ends it, and is named', async () => {
  const npm = async (args: readonly string[]) => (args[0] === 'record' ? 1 : 0);
  await expect(applyStep(report, { root, npm, note: () => {} })).rejects.toThrow(
    'Running npm run record: expected exit code 0, got 1',
  );
});
