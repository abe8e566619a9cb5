import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
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
  const built = await buildPackage(root, join(folder, 'package'));
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

/** The first bytes of programs of Linux, macOS (also for several processors) and Windows. */
const programs = ['7f454c46', 'cffaedfe', 'cafebabe', '4d5a'];

test('the engine stays out of the package, and so does any program', async () => {
  const installed = join(project, 'node_modules/twinproof');
  const names = (await readdir(installed, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  let total = 0;
  for (const name of names) {
    const bytes = await readFile(name);
    total += bytes.length;
    expect(
      programs.filter((magic) => bytes.toString('hex', 0, 4).startsWith(magic)),
      name,
    ).toEqual([]);
    expect(basename(name), name).not.toMatch(/^(?:codex|rg|bwrap)(?:\.exe)?$/);
  }
  expect(names.length).toBeGreaterThan(100);
  expect(total).toBeLessThan(12_000_000);
});

test('its program is there: an engine is asked for, none is needed for the demo, and none is built', async () => {
  const twinproof = (...args: string[]) =>
    execa(process.execPath, [join(project, 'node_modules/twinproof/cli/twinproof.js'), ...args], {
      ...{ cwd: project, reject: false, stdin: 'ignore' },
      env: { TWINPROOF_CACHE: join(folder, 'cache'), TWINPROOF_ENGINE: '' },
    });
  const demo = await twinproof('demo', '--json');
  expect(JSON.parse(demo.stdout)).toMatchObject({ ok: true, status: 'completed', approvals: [{ decision: 'accept' }] });
  const doctor = await twinproof('doctor');
  expect([doctor.exitCode, doctor.stdout]).toEqual([1, expect.stringContaining('Run `npx twinproof install`')]);
  const build = await twinproof('build', '--json');
  const message = expect.stringContaining('expected a checkout of the repository, got the installed package');
  expect([build.exitCode, JSON.parse(build.stdout)]).toEqual([1, { ok: false, error: { kind: 'build', message } }]);
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
    for (const name of ['', '/exec', '/types', '/testing', '/native', '/ai-sdk', '/acp']) {
      const menu = await import('twinproof' + name);
      console.log(name, Object.keys(menu).filter((key) => /^(Codex|fakeEngine|resolveEngine|createCodex|serveAcp)$/.test(key)).join());
    }
    await import('twinproof/sdk/index.js').catch((error) => console.log(error.code));`;
  const { stdout, stderr } = await node(['--input-type=module', '--eval', program]);
  expect([stdout, stderr]).toEqual([
    ' Codex\n/exec Codex\n/types \n/testing fakeEngine\n/native resolveEngine\n/ai-sdk createCodex\n/acp serveAcp\nERR_PACKAGE_PATH_NOT_EXPORTED',
    '',
  ]);
  const { pin: version } = JSON.parse(await readFile(join(root, 'native/engine.lock.json'), 'utf8'));
  expect((await node(['node_modules/twinproof/dist/fake-codex-rs.mjs', '--version'])).stdout).toBe(
    `codex-cli ${version}`,
  );
});

test.each(['', '/exec', '/testing', '/native', '/ai-sdk', '/acp'])(
  'a bundler makes one file of a program with twinproof%s, in which no optional peer is installed',
  async (name) => {
    await writeFile(
      join(project, 'one.mjs'),
      `import * as all from 'twinproof${name}';\nconsole.log(Object.keys(all).length);`,
    );
    const bundled = { bundle: true, platform: 'node', format: 'esm', absWorkingDir: project } as const;
    await build({ ...bundled, entryPoints: ['one.mjs'], outfile: join(folder, 'alone/one.mjs'), logLevel: 'silent' });
    const { stdout, stderr } = await node(['alone/one.mjs'], folder);
    expect([Number(stdout) > 0, stderr]).toEqual([true, '']);
  },
);

test('loading the client takes three files, and of Node nothing that starts processes or makes random numbers', async () => {
  const program = `
    const before = new Set(process.moduleLoadList);
    await import('twinproof');
    await import('twinproof/exec');
    const loaded = process.moduleLoadList.filter((one) => !before.has(one));
    console.log(loaded.filter((one) => /child_process|internal\\/crypto|zlib|net$|http/.test(one)).join());`;
  const { stdout, stderr } = await node(['--input-type=module', '--eval', program]);
  expect([stdout, stderr]).toEqual(['', '']);
  const text = (file: string) => readFile(join(project, 'node_modules/twinproof', file), 'utf8');
  const importsOf = async (file: string) =>
    [...(await text(file)).matchAll(/from "(\.[^"]*)"/g)].map(([, name]) => name).sort();
  expect(await importsOf('sdk/index.js')).toEqual(['../chunks/client.js', '../chunks/common.js']);
  expect(await importsOf('chunks/client.js')).toEqual(['./common.js']);
  expect(await importsOf('chunks/common.js')).toEqual([]);
});

/** Fails in a call, in a stream, and in the exec client, each in a line that says so. */
const failing = (load: (entry: string) => string) => `
const { memoryEngine } = ${load('testing')}, { Codex } = ${load('exec')};
const frames = (error) => console.log(error.stack.split('\\n').filter((line) => /^ +at /.test(line)).slice(0, 2).join());
async function main() {
  const codex = memoryEngine({ 'thread/list': () => { throw new Error('no'); } }).codex();
  await codex.request('no/method').catch(frames); // fails
  try { for await (const _ of codex.threads()); } catch (error) { frames(error); } // fails
  await new Codex({ codexPathOverride: '/nowhere' }).startThread().run('hi').catch(frames); // fails
}
main();`;
const ofCommonJs: Record<string, string> = { testing: 'testing/index.js', exec: 'sdk/exec.js' };

test.each<[string, string, string[], string]>([
  ['ES modules', 'failing.mjs', [], failing((entry) => `await import('twinproof/${entry}')`)],
  ['source maps', 'failing.mjs', ['--enable-source-maps'], failing((entry) => `await import('twinproof/${entry}')`)],
  ['`require`', 'failing.cjs', [], failing((entry) => `require('twinproof/${entry}')`)],
  [
    'a host without ES modules',
    'failing.cjs',
    [],
    failing((entry) => `require('./node_modules/twinproof/cjs/${ofCommonJs[entry]}')`),
  ],
])("an error of the bundled package shows its caller's line: %s", async (_, file, flags, program) => {
  await writeFile(join(project, file), program);
  const { stdout, stderr } = await node([...flags, file]);
  expect(stderr).toBe('');
  const lines = program.split('\n').flatMap((line, at) => (line.endsWith('// fails') ? [at + 1] : []));
  const shown = stdout.split('\n').map((frames) => frames.match(/failing\.[cm]js:(\d+):/)?.[1]);
  expect(shown).toEqual(lines.map(String));
});

test('a stack of the bundled package names the modules, with source maps, and classes have their own names', async () => {
  const program = `
    import * as sdk from 'twinproof';
    import * as exec from 'twinproof/exec';
    for (const menu of [sdk, exec])
      for (const [name, one] of Object.entries(menu))
        if (typeof one === 'function' && one.name !== name) console.log(name, one.name);
    console.log(sdk.mapJsonRpcError(-32600, 'x').stack.split('\\n')[1]);`;
  const { stdout } = await node(['--enable-source-maps', '--input-type=module', '--eval', program]);
  expect(stdout).toMatch(/^ +at .*node_modules\/twinproof\/sdk\/errors\/[\w-]+\.ts:\d+:\d+\)?$/);
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

test('the example of typed answers passes', async () => {
  await withPackage('zod');
  await cp(join(root, 'examples/typed-answers'), join(project, 'typed-answers'), { recursive: true });
  const done = await node(['--test', 'typed-answers/triage.test.js']);
  expect(done.all).toMatch(/# pass 3\n# fail 0/);
});

test('the example of approvals passes', async () => {
  await cp(join(root, 'examples/approvals'), join(project, 'approvals'), { recursive: true });
  const done = await node(['--test', 'approvals/agent.test.js']);
  expect(done.all).toMatch(/# pass 4\n# fail 0/);
});

test('the example of cancellation passes', async () => {
  await cp(join(root, 'examples/cancellation'), join(project, 'cancellation'), { recursive: true });
  const done = await node(['--test', 'cancellation/agent.test.js']);
  expect(done.all).toMatch(/# pass 3\n# fail 0/);
});

test('the example of automatic runs passes', async () => {
  await cp(join(root, 'examples/auto-run'), join(project, 'auto-run'), { recursive: true });
  const done = await node(['--test', 'auto-run/agent.test.js']);
  expect(done.all).toMatch(/# pass 2\n# fail 0/);
});

test('the example of files passes', async () => {
  await withPackage('yaml');
  await cp(join(root, 'examples/files'), join(project, 'files'), { recursive: true });
  const done = await node(['--test', 'files/agent.test.js']);
  expect(done.all).toMatch(/# pass 3\n# fail 0/);
});

test('the example of streams passes', async () => {
  await cp(join(root, 'examples/streams'), join(project, 'streams'), { recursive: true });
  const done = await node(['--test', 'streams/agent.test.js']);
  expect(done.all).toMatch(/# pass 4\n# fail 0/);
});

test('the example of hooks passes', async () => {
  await cp(join(root, 'examples/hooks'), join(project, 'hooks'), { recursive: true });
  const done = await node(['--test', 'hooks/agent.test.js']);
  expect(done.all).toMatch(/# pass 4\n# fail 0/);
});

test('the example of MCP servers passes', async () => {
  await cp(join(root, 'examples/mcp'), join(project, 'mcp'), { recursive: true });
  const done = await node(['--test', 'mcp/agent.test.js']);
  expect(done.all).toMatch(/# pass 2\n# fail 0/);
});

test('the example of attaching passes', async () => {
  await cp(join(root, 'examples/attach'), join(project, 'attach'), { recursive: true });
  const done = await node(['--test', 'attach/agent.test.js']);
  expect(done.all).toMatch(/# pass 4\n# fail 0/);
});

test('the example of telemetry passes', async () => {
  for (const name of ['@opentelemetry/api', '@opentelemetry/sdk-trace-base']) await withPackage(name);
  await cp(join(root, 'examples/telemetry'), join(project, 'telemetry'), { recursive: true });
  const done = await node(['--test', 'telemetry/agent.test.js']);
  expect(done.all).toMatch(/# pass 3\n# fail 0/);
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

test('a tool server without the MCP SDK says what to install', async () => {
  const program = `
    const { toolServer } = await import('twinproof');
    await toolServer([]).catch(({ name, kind, message }) => console.log(name, kind, message));`;
  const { stdout } = await node(['--input-type=module', '--eval', program]);
  expect(stdout).toBe(
    'CodexError install Starting a tool server: expected the package @modelcontextprotocol/sdk, got none. Run npm install @modelcontextprotocol/sdk, or give the tools to a thread (tools).',
  );
});

test('an agent for editors without the ACP SDK says what to install, as a function and as a command', async () => {
  const program = `
    const { serveAcp } = await import('twinproof/acp');
    await serveAcp().catch(({ name, kind, message }) => console.log(name, kind, message));`;
  const { stdout } = await node(['--input-type=module', '--eval', program]);
  const told =
    'Serving the Agent Client Protocol: expected the package @agentclientprotocol/sdk, got none. Run npm install @agentclientprotocol/sdk.';
  expect(stdout).toBe(`CodexError install ${told}`);
  const command = await node([join(project, 'node_modules/twinproof/cli/twinproof.js'), 'acp']);
  expect([command.exitCode, command.stdout, command.stderr]).toEqual([1, '', expect.stringContaining(told)]);
});

test('a model of the AI SDK without its package says what to install, before anything is started', async () => {
  const program = `
    const { codex } = await import('twinproof/ai-sdk');
    const call = codex().doGenerate({ prompt: [] });
    await call.catch(({ name, kind, message }) => console.log(name, kind, message));`;
  const { stdout } = await node(['--input-type=module', '--eval', program]);
  expect(stdout).toBe(
    'CodexError install Calling a model of twinproof/ai-sdk: expected the package @ai-sdk/provider, got none. Run npm install @ai-sdk/provider.',
  );
});

test('the example with tools passes', async () => {
  for (const name of ['yaml', 'zod']) await withPackage(name);
  await cp(join(root, 'examples/with-tools'), join(project, 'with-tools'), { recursive: true });
  const done = await node(['--test', 'with-tools/agent.test.js']);
  expect(done.all).toMatch(/# pass 3\n# fail 0/);
});

test('the example of an agent for editors passes', async () => {
  for (const name of ['@agentclientprotocol/sdk', 'yaml', 'zod']) await withPackage(name);
  await cp(join(root, 'examples/acp'), join(project, 'acp'), { recursive: true });
  const done = await node(['--test', 'acp/agent.test.js']);
  expect(done.all).toMatch(/# pass 1\n# fail 0/);
});

test('the example with the AI SDK passes', async () => {
  for (const name of ['ai', '@ai-sdk/provider', 'yaml', 'zod']) await withPackage(name);
  await cp(join(root, 'examples/ai-sdk'), join(project, 'ai-sdk'), { recursive: true });
  const done = await node(['--test', 'ai-sdk/agent.test.js']);
  expect(done.all).toMatch(/# pass 2\n# fail 0/);
});

test('the example of a dashboard passes', async () => {
  await withPackage('yaml');
  await cp(join(root, 'examples/dashboard'), join(project, 'dashboard'), { recursive: true });
  const done = await node(['--test', 'dashboard/dashboard.test.js']);
  expect(done.all).toMatch(/# pass 1\n# fail 0/);
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
