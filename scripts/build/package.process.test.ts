import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findNpm } from '../bootstrap/find-npm.mjs';
import { buildFake } from '../build-fake.mjs';
import { buildPackage } from './build-package.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
/** A user's project, in which the packed package is installed. */
let project: string;

const node = (args: string[], cwd = project) =>
  execa(process.execPath, args, {
    cwd,
    stdin: 'ignore',
    reject: false,
    all: true,
  });
const npm = (args: string[], cwd: string) =>
  execa(process.execPath, [findNpm(process.env), ...args], {
    cwd,
    stdin: 'ignore',
    env: { npm_config_cache: join(folder, 'npm-cache') },
  });

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'package-')));
  project = join(folder, 'project');
  await mkdir(project);
  await buildFake(root);
  const built = buildPackage(root, join(folder, 'package'));
  await npm(['pack', '--silent', '--pack-destination', folder], built.folder);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'no tarball';
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball)], project);
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Puts a development package of ours into the project, as its user would install it. */
async function withPackage(name: string): Promise<void> {
  const target = join(project, 'node_modules', name);
  await mkdir(dirname(target), { recursive: true });
  await symlink(join(root, 'node_modules', name), target, 'junction').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

test('the package installs by itself, without a test, a source or a dependency', async () => {
  const installed = join(project, 'node_modules');
  expect((await readdir(installed)).filter((name) => !name.startsWith('.'))).toEqual(['twinproof']);
  const files = (await readdir(join(installed, 'twinproof'), { recursive: true })).map((name) =>
    name.replaceAll('\\', '/'),
  );
  expect(files.filter((name) => /\.test\.|test-fixtures|harness|(?<!\.d)\.ts$/.test(name))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'NOTICE', 'README.md', 'docs/testing.md', 'native/engine.lock.json']),
  );
  const types = files.filter((name) => /\.d\.m?ts$/.test(name));
  for (const name of types) {
    expect(await readFile(join(installed, 'twinproof', name), 'utf8'), name).not.toMatch(
      /from ['"]\.[^'"]*(?<!\.d)\.ts['"]/,
    );
  }
});

test('every entry loads, and the fake engine starts', async () => {
  const program = `
    for (const name of ['', '/types', '/testing', '/native']) {
      const menu = await import('twinproof' + name);
      console.log(name, Object.keys(menu).filter((key) => /^(Codex|fakeEngine|resolveEngine)$/.test(key)).join());
    }
    await import('twinproof/sdk/index.js').catch((error) => console.log(error.code));`;
  const { stdout, stderr } = await node(['--input-type=module', '--eval', program]);
  expect([stdout, stderr]).toEqual([
    ' Codex\n/types \n/testing fakeEngine\n/native resolveEngine\nERR_PACKAGE_PATH_NOT_EXPORTED',
    '',
  ]);
  const { version } = JSON.parse(await readFile(join(root, 'native/engine.lock.json'), 'utf8'));
  expect((await node(['node_modules/twinproof/dist/fake-codex-rs.mjs', '--version'])).stdout).toBe(
    `codex-cli ${version}`,
  );
});

test('a strict program compiles against the types', async () => {
  for (const name of ['@types/node', 'undici-types']) await withPackage(name);
  await cp(join(root, 'examples/strict-types'), join(project, 'strict-types'), { recursive: true });
  const done = await node([join(root, 'node_modules/typescript/bin/tsc'), '-p', 'strict-types']);
  expect(done.all).toBe('');
});

test('the example with node:test passes', async () => {
  await cp(join(root, 'examples/with-node-test'), join(project, 'with-node-test'), { recursive: true });
  const done = await node(['--test', 'with-node-test/agent.test.js']);
  expect(done.all).toMatch(/# pass 4\n# fail 0/);
});

test('the example with vitest passes', async () => {
  for (const name of ['vitest', 'yaml']) await withPackage(name);
  await cp(join(root, 'examples/with-vitest'), join(project, 'with-vitest'), { recursive: true });
  const done = await node([
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    'with-vitest',
    '--reporter=json',
  ]);
  expect(JSON.parse(done.stdout)).toMatchObject({ success: true, numPassedTests: 3 });
});

test('the page alone suffices: its files pass as they stand there', async () => {
  const page = await readFile(join(project, 'node_modules/twinproof/docs/testing.md'), 'utf8');
  const stranger = join(project, 'stranger');
  await mkdir(stranger);
  await writeFile(join(stranger, 'package.json'), '{ "type": "module" }\n');
  for (const [, name = '', code = ''] of page.matchAll(/^```js\n\/\/ (\S+\.js)\n([\s\S]*?)^```$/gm)) {
    await writeFile(join(stranger, name), code);
  }
  const done = await node(['--test'], stranger);
  expect(done.all).toMatch(/# pass 3\n# fail 0/);
});
