import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { execa } from 'execa';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findNpm } from '../../native/find-npm.mjs';
import { buildFake } from '../build-fake.mjs';
import { deadLinks } from '../links/dead-links.ts';
import { buildPackage } from './build-package.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
/** A user's project, in which the packed package is installed. */
let project: string;
let tarball: string;

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
  tarball = join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball], project);
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

test('no link of its pages is dead', async () => {
  const installed = join(project, 'node_modules/twinproof');
  const pages = (await readdir(installed, { recursive: true })).filter((name) => name.endsWith('.md'));
  expect(pages).toContain('README.md');
  expect(deadLinks(installed, pages)).toEqual([]);
});

test('nothing about the package as it is packed is against the rules of registries and runtimes', async () => {
  const { messages } = await publint({
    pkgDir: join(project, 'node_modules/twinproof'),
    level: 'suggestion',
    strict: true,
  });
  expect(messages).toEqual([]);
  const found = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(tarball))));
  const problems = found.types === false ? ['no types at all'] : found.problems;
  expect(problems).toEqual([]);
});

test('the engine may be any of the window that the package was proven on, and of no other', async () => {
  const read = async (file: string) =>
    JSON.parse(await readFile(join(project, 'node_modules/twinproof', file), 'utf8'));
  const { peerDependencies, peerDependenciesMeta, dependencies } = await read('package.json');
  const window = Object.keys((await read('native/engine.lock.json')).engines);
  expect(window.length).toBeGreaterThan(1);
  expect(peerDependencies['@openai/codex']).toBe(`>=${window[0]} <=${window.at(-1)}`);
  expect(peerDependenciesMeta['@openai/codex']).toEqual({ optional: true });
  expect(dependencies).toBeUndefined();
});

test('the installed package, not the checkout, sends what a program asks of it', async () => {
  const program = `
    import { Sandbox } from 'twinproof';
    import { memoryEngine } from 'twinproof/testing';
    const engine = memoryEngine({ 'turn/start': () => 'Fine.', 'thread/read': () => ({ thread: { id: 'thread-1', turns: [] } }) });
    const codex = engine.codex();
    const thread = await codex.threadStart({ sandbox: Sandbox.readOnly });
    const { finalResponse } = await thread.run('hi', { turnServiceTier: 'flex', source: 'smoke' });
    await codex.threadResume(thread.id, { includeTurns: true });
    await thread.read({ includeTurns: true });
    const { serviceTierForTurn, turnTrigger } = await engine.received('turn/start');
    const { excludeTurns } = await engine.received('thread/resume');
    const { includeTurns } = await engine.received('thread/read');
    await engine.finish();
    console.log(import.meta.resolve('twinproof'));
    console.log(JSON.stringify({ finalResponse, serviceTierForTurn, turnTrigger, excludeTurns, includeTurns }));`;
  const { stdout, stderr } = await node(['--input-type=module', '--eval', program]);
  const [where = '', said = 'null'] = stdout.split('\n');
  expect(stderr).toBe('');
  expect(fileURLToPath(where)).toBe(join(project, 'node_modules/twinproof/sdk/index.js'));
  expect(JSON.parse(said)).toEqual({
    ...{ finalResponse: 'Fine.', serviceTierForTurn: 'flex', turnTrigger: 'smoke' },
    ...{ excludeTurns: false, includeTurns: true },
  });
});

test('every entry loads, and the fake engine starts', async () => {
  const program = `
    for (const name of ['', '/exec', '/types', '/testing', '/native']) {
      const menu = await import('twinproof' + name);
      console.log(name, Object.keys(menu).filter((key) => /^(Codex|fakeEngine|resolveEngine)$/.test(key)).join());
    }
    await import('twinproof/sdk/index.js').catch((error) => console.log(error.code));`;
  const { stdout, stderr } = await node(['--input-type=module', '--eval', program]);
  expect([stdout, stderr]).toEqual([
    ' Codex\n/exec Codex\n/types \n/testing fakeEngine\n/native resolveEngine\nERR_PACKAGE_PATH_NOT_EXPORTED',
    '',
  ]);
  const { pin: version } = JSON.parse(await readFile(join(root, 'native/engine.lock.json'), 'utf8'));
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
