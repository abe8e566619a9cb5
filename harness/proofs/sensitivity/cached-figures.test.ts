import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseGolden } from '../../golden/golden-file.ts';
import { cachedFigures, deciding, sensitivityProblem } from './cached-figures.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const golden = (mark: string) => {
  const header = { kind: 'golden', schemaVersion: 1, scenario: `s/${mark}`, client: 'python', engineVersion: '1' };
  const line = { lane: 'mark', key: mark, ch: 'mark', body: { mark } };
  return parseGolden(`${JSON.stringify(header)}\n${JSON.stringify(line)}\n`, mark);
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sensitivity-'));
  for (const part of deciding) await cp(path.join(repository, part), path.join(folder, part), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

it('measures a golden once, until it or the deciding code changes', async () => {
  const measured: string[] = [];
  const measure = (...names: string[]) => cachedFigures(names.map(golden), folder, (name) => measured.push(name));
  // One leaf (changed, removed) and one line (removed, doubled).
  expect(await measure('a')).toEqual({ tampered: 4, flagged: 4 });
  expect(await measure('a', 'b')).toEqual({ tampered: 8, flagged: 8 });
  expect(await measure('b')).toEqual({ tampered: 4, flagged: 4 });
  expect(measured).toEqual(['s/a', 's/b']);
  await rm(path.join(folder, 'harness/normalise/lanes.ts'));
  await measure('a');
  expect(measured).toEqual(['s/a', 's/b', 's/a']);
});

it('a share below the bar is a problem, one at the bar is none, and what was not measured says nothing', () => {
  expect(sensitivityProblem({ tampered: 100_000, flagged: 98_999 })).toBe(
    'Measuring the sensitivity with 100000 tamperings: expected at least 99 % to be flagged, got 98.99 %. `npm run parity -- sensitivity` names what is hidden.',
  );
  expect(sensitivityProblem({ tampered: 100, flagged: 99 })).toBeUndefined();
  expect(sensitivityProblem({ tampered: 0, flagged: 0 })).toBeUndefined();
});
