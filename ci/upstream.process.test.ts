import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { propose } from './upstream.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'twinproof-upstream-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.unstubAllEnvs());

let houses = 0;

/** A repository with a remote on this disk and a report, and a `gh` that notes how it was called and answers from files. */
async function house(open: object[], comments: object[] = []) {
  const root = path.join(folder, `${++houses}`);
  const [work, remote, bin] = ['work', 'remote.git', 'bin'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [work, bin, path.join(work, 'out/bump/current')]) mkdirSync(one, { recursive: true });
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: work });
  await execa('git', ['init', '-q', '--bare', remote]);
  await git('init', '-q', '-b', 'main');
  await git('commit', '-q', '--allow-empty', '-m', 'first');
  await git('remote', 'add', 'origin', remote);
  const report = { from: '1.0.0', to: '1.1.0', python: { from: '1.0.0', to: '1.0.0' }, verdict: 'needs-work' };
  writeFileSync(path.join(work, 'out/bump/current/bump.json'), JSON.stringify(report));
  writeFileSync(path.join(work, 'out/bump/current/bump.md'), '# the step\n');
  const answers = { list: JSON.stringify(open), view: JSON.stringify({ comments }), create: 'https://example.test/1' };
  for (const [name, text] of Object.entries(answers)) writeFileSync(path.join(bin, name), text);
  const log = path.join(bin, 'log');
  writeFileSync(
    path.join(bin, 'gh'),
    `#!/bin/sh\necho "$*" >> '${log}'\n[ -e "${bin}/$2" ] && cat "${bin}/$2"\nexit 0\n`,
  );
  chmodSync(path.join(bin, 'gh'), 0o755);
  vi.stubEnv('PATH', `${bin}${path.delimiter}${process.env.PATH}`);
  const lines: string[] = [];
  const run = () => propose(work, { out: (...some) => void lines.push(...some) });
  const asked = () => readFileSync(log, 'utf8').trimEnd().split('\n');
  const pushed = async () =>
    (await execa('git', ['show', 'upstream-release:docs/bumps/1.0.0-1.1.0.md'], { cwd: remote })).stdout;
  return { work, run, asked, pushed, lines };
}

test.skipIf(process.platform === 'win32')('the first report opens a pull request', async () => {
  const { run, asked, pushed, lines } = await house([]);
  expect(await run()).toBe(0);
  expect(await pushed()).toBe('# the step');
  expect(asked().at(-1)).toMatch(
    /^pr create --head upstream-release --title Engine 1\.1\.0: needs work --body-file \S+bump\.md$/,
  );
  expect(lines).toEqual(['https://example.test/1']);
});

const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000).toISOString();

test.skipIf(process.platform === 'win32').each<[string, number, object[], boolean]>([
  ['one of today is updated without a word', 0, [], false],
  ['one of last week gets a reminder', 8, [], true],
  ['one that was reminded of yesterday gets none', 30, [{ createdAt: days(1), body: 'The pin is still 1.0.0' }], false],
  ['what others say is no reminder', 30, [{ createdAt: days(1), body: 'I am on it' }], true],
])('%s', async (_, age, comments, reminded) => {
  const { run, asked } = await house([{ number: 7, createdAt: days(age) }], comments);
  expect(await run()).toBe(0);
  // The same report again: the branch is as it is, and there is still one pull request.
  await run();
  expect(asked().filter((line) => line.startsWith('pr create'))).toEqual([]);
  expect(asked().some((line) => line.startsWith('pr edit 7'))).toBe(true);
  expect(asked().some((line) => line.startsWith('pr comment 7 --body The pin is still'))).toBe(reminded);
});

test.skipIf(process.platform === 'win32')('a report that names no version becomes no branch', async () => {
  const { work, run } = await house([]);
  writeFileSync(
    path.join(work, 'out/bump/current/bump.json'),
    JSON.stringify({ from: '../x', to: '1.1.0', python: { from: '1.0.0', to: '1.0.0' }, verdict: 'safe' }),
  );
  await expect(run()).rejects.toThrow('got "../x"');
});
