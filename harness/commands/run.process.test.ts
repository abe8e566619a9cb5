import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRunResult } from '../run/run-result.ts';
import { run } from './run.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'run-'));
});
afterEach(() => rm(out, { recursive: true }));

test('a run that is ended after its first cell keeps it, and is told as what it is', async () => {
  const stop = new AbortController();
  const { terminal, out: lines } = saidTerminal({ signal: stop.signal });
  const note = (...said: string[]) => {
    if (said.some((line) => line.startsWith('[1/'))) stop.abort();
  };
  const args = {
    scenario: 'turns/plain-message,turns/two-turns',
    client: 'ts',
    offline: true,
    verbose: true,
    jobs: '1',
    out,
  };
  expect(await run(args, { ...terminal, note })).toBe(1);
  const { interrupted, results } = await readRunResult(out);
  const judged = results.filter(({ verdict }) => verdict !== 'not-applicable');
  expect({ interrupted, verdicts: judged.map(({ verdict }) => verdict) }).toEqual({
    interrupted: true,
    verdicts: ['match'],
  });
  expect(lines).toContain('interrupted: not every cell ran');
  expect(lines.at(-1)).toBe('1 passed, 0 failed');
});
