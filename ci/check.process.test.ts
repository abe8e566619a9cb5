import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { failedList } from '../harness/commands/failed-list.ts';

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
    ...['hosts', 'doctor', 'interleave', 'sweep', 'fuzz'].map(
      (name) => `process.argv.includes('${name}')) { ${print('1 passed, 0 failed')}`,
    ),
    `process.argv.includes('behaviours')) { ${behavioursScript}`,
    `process.argv.includes('coverage')) { ${print('5 passed, 0 failed')}`,
    `process.argv.includes('parity')) { ${parityScript}`,
  ];
  writeFileSync(npm, `${scripts.map((script) => `if (${script} } else `).join('')}{ ${testScript} }`);
  const done = spawnSync(process.execPath, [join(import.meta.dirname, '../scripts/check.mjs'), ...args], {
    env: { ...process.env, npm_execpath: npm },
    encoding: 'utf8',
  });
  const lines = done.stdout.trimEnd().split('\n');
  return { code: done.status, last: lines.at(-1), lines, stderr: done.stderr };
}

test('the counts of all are summed', () => {
  expect(check(print('12 passed, 0 failed'), print('30 passed, 0 failed'))).toMatchObject({
    code: 0,
    last: '55 passed, 0 failed',
  });
  expect(check(print('10 passed, 2 failed', 1), print('30 passed, 0 failed'))).toMatchObject({
    code: 1,
    last: '53 passed, 2 failed',
  });
});

test('one that prints no counts, or fails without saying so, is one failure', () => {
  const silent = check(print('it broke', 1), print('30 passed, 0 failed'));
  expect(silent).toMatchObject({ code: 1, last: '43 passed, 1 failed' });
  expect(silent.stderr).toContain(
    'expected "N passed, N failed" as the last line, got exit code 1 and the last line "it broke".',
  );
  expect(check(print('12 passed, 0 failed', 7), print('30 passed, 0 failed'))).toMatchObject({
    code: 1,
    last: '55 passed, 1 failed',
  });
});

test('one that ran nothing has failed, whatever its exit code', () => {
  const nothing = check(print('12 passed, 0 failed'), print('0 passed, 0 failed'), undefined, [
    '--only',
    'test,parity',
  ]);
  expect(nothing).toMatchObject({ code: 1, last: '12 passed, 1 failed' });
  expect(nothing.stderr).toContain('got a part that ran nothing');
});

test('one stage alone runs, and an unknown one is refused', () => {
  const only = (stage: string) =>
    check(print('12 passed, 0 failed'), print('30 passed, 0 failed'), undefined, ['--only', stage]);
  expect(only('test')).toMatchObject({ code: 0, last: '12 passed, 0 failed' });
  expect(only('coverage,hosts')).toMatchObject({ code: 0, last: '6 passed, 0 failed' });
  const all = 'test, doctor, parity, coverage, behaviours, interleave, sweep, fuzz, hosts';
  expect(only('host')).toMatchObject({ code: 2, stderr: expect.stringContaining(`expected ${all}, got host`) });
  const help = check('', '', '', ['--help']).lines.join(' ').replace(/\s+/g, ' ');
  expect(help).toContain(`Run only these parts: ${all}`);
});

test('the end of the output has a table of the stages, and names what failed', () => {
  const tests = `${['▸ unit …', '✔ lint: 1 passed, 0 failed (1.2 s)', '✘ unit: 10 passed, 2 failed, 5 skipped (61.0 s)', '', ...failedList(['unit a.test.ts > one: Error: x'], 1)].map((line) => print(line)).join(' ')} ${print('11 passed, 2 failed', 1)}`;
  const crashed = `console.error('Error: no space'); ${print('half of it', 1)}`;
  const { lines } = check(tests, crashed, undefined, ['--only', 'test,parity,coverage']);
  const end = lines.slice(lines.findIndex((line) => line.startsWith('stage ')));
  expect(end.map((line) => line.replace(/\d+:\d\d$/, 'M:SS'))).toEqual([
    'stage            passed failed   time',
    'test                 11      2   M:SS',
    '  lint                1      0   M:SS',
    '  unit               10      2   M:SS',
    'parity                0      1   M:SS',
    'coverage              5      0   M:SS',
    'all                  16      3   M:SS',
    '',
    'Failed:',
    '  ✘ test unit a.test.ts > one: Error: x',
    '  ✘ parity Reading the counts: expected "N passed, N failed" as the last line, got exit code 1 and the last line "half of it". It said: Error: no space',
    '  and 1 more',
    '16 passed, 3 failed',
  ]);
  expect(end[3]).toMatch(/ 1:01$/);
});
