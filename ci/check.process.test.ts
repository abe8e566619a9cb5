import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'twinproof-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const print = (line: string, code = 0) => `console.log(${JSON.stringify(line)}); process.exitCode = ${code};`;

/** Runs `npm run check` with an npm whose `test` and `parity` do what is given, whose goals print `5 passed`, and whose `behaviours` print `3 passed`, or else. */
function check(
  testScript: string,
  parityScript: string,
  behavioursScript = print('3 passed, 0 failed'),
  args: readonly string[] = [],
) {
  const npm = join(folder, 'npm-cli.js');
  const scripts = [
    ...['hosts', 'doctor'].map((name) => `process.argv.includes('${name}')) { ${print('0 passed, 0 failed')}`),
    `process.argv.includes('behaviours')) { ${behavioursScript}`,
    `process.argv.includes('coverage')) { ${print('5 passed, 0 failed')}`,
    `process.argv.includes('parity')) { ${parityScript}`,
  ];
  writeFileSync(npm, `${scripts.map((script) => `if (${script} } else `).join('')}{ ${testScript} }`);
  const done = spawnSync(process.execPath, [join(import.meta.dirname, '../scripts/check.mjs'), ...args], {
    env: { ...process.env, npm_execpath: npm },
    encoding: 'utf8',
  });
  return { code: done.status, last: done.stdout.trimEnd().split('\n').at(-1), stderr: done.stderr };
}

test('the counts of all are summed', () => {
  expect(check(print('12 passed, 0 failed'), print('30 passed, 0 failed'))).toMatchObject({
    code: 0,
    last: '50 passed, 0 failed',
  });
  expect(check(print('10 passed, 2 failed', 1), print('30 passed, 0 failed'))).toMatchObject({
    code: 1,
    last: '48 passed, 2 failed',
  });
});

test('one that prints no counts, or fails without saying so, is one failure', () => {
  const silent = check(print('it broke', 1), print('30 passed, 0 failed'));
  expect(silent).toMatchObject({ code: 1, last: '38 passed, 1 failed' });
  expect(silent.stderr).toContain(
    'expected "N passed, N failed" as the last line, got exit code 1 and the last line "it broke".',
  );
  expect(check(print('12 passed, 0 failed', 7), print('30 passed, 0 failed'))).toMatchObject({
    code: 1,
    last: '50 passed, 1 failed',
  });
});

test('one stage alone runs, and an unknown one is refused', () => {
  const only = (stage: string) =>
    check(print('12 passed, 0 failed'), print('30 passed, 0 failed'), undefined, ['--only', stage]);
  expect(only('test')).toMatchObject({ code: 0, last: '12 passed, 0 failed' });
  expect(only('coverage,hosts')).toMatchObject({ code: 0, last: '5 passed, 0 failed' });
  expect(only('host')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected test, doctor, parity, coverage, behaviours, hosts, got host'),
  });
});
