import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
/** What `npm run parity -- diff --help` reads. */
const parts = [
  'cli',
  'harness',
  'native',
  'scripts',
  'sdk',
  'testing',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'load-bundle-'));
  for (const part of parts) await cp(path.join(root, part), path.join(copy, part), { recursive: true });
  for (const part of ['node_modules', 'fixtures']) await symlink(path.join(root, part), path.join(copy, part));
});
afterAll(() => rm(copy, { recursive: true }));

const source = () => path.join(copy, 'harness', 'commands', 'diff.ts');
const help = () =>
  execa(process.execPath, [path.join(copy, 'scripts', 'parity.mjs'), 'diff', '--help'], { reject: false });
async function edit(from: string, to: string): Promise<void> {
  const text = await readFile(source(), 'utf8');
  expect(text.split(from)).toHaveLength(2);
  await writeFile(source(), text.replace(from, to));
}
const programs = () => readdir(path.join(copy, 'dist', 'programs')).catch(() => []);

test('a command runs from a bundle, which never is older than its sources; without a folder to keep it in, from these', async () => {
  const first = await help();
  expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('npm run parity -- diff') });
  expect(await programs()).toEqual(expect.arrayContaining([expect.stringMatching(/^harness-cli\.[0-9a-f]{32}\.mjs$/)]));

  const description = /description: '([^']{20,})'/.exec(await readFile(source(), 'utf8'))?.[1] ?? '';
  expect(first.stdout).toContain(description);
  await edit(description, 'another description of it');
  expect((await help()).stdout).toContain('another description of it');

  await edit('another description of it', "an unfinished one', = ");
  const broken = await help();
  expect(broken.exitCode).toBe(1);
  expect(broken.stderr).toContain('harness/commands/diff.ts');

  // No bundle can be made here, and an older one must not run.
  await edit("an unfinished one', = ", 'the last description');
  await rm(path.join(copy, 'dist'), { recursive: true });
  await writeFile(path.join(copy, 'dist'), 'a file');
  const last = await help();
  expect(last).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('the last description') });
});
