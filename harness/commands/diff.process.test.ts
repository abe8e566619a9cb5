import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diff } from './diff.ts';
import { run } from './run.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'diff-'));
});
afterEach(() => rm(out, { recursive: true }));

const { terminal, out: lines } = saidTerminal();

test('what is wrong with a run by itself is a difference too; the client is that of the scenario’s family', async () => {
  for (const [scenario, client] of [
    ['turns/two-turns', 'ts'],
    ['exec/plain-message', 'ts-exec'],
  ] as const) {
    expect(await run({ scenario, offline: true, out }, terminal), lines.join('\n')).toBe(0);
    expect(await diff({ scenario, engine: 'fake', out }, terminal), lines.join('\n')).toBe(0);
    const left = { t: Number.MAX_SAFE_INTEGER, ch: 'rest', processes: ['sleep'], files: [] };
    await appendFile(path.join(out, 'raw', scenario, `${client}.fake.jsonl`), `${JSON.stringify(left)}\n`);
    lines.length = 0;
    expect(await diff({ scenario, engine: 'fake', out }, terminal)).toBe(1);
    expect(lines.join('\n')).toContain('mark left behind: ');
    expect(lines.at(-1)).toMatch(new RegExp(`^\\d differences .* and ${client} on fake$`));
  }
});
