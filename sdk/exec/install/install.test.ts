import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { engineTarget } from '../../../native/engine-layout.mjs';
import { type Entry, tarball } from '../../../native/test-fixtures/tarball.ts';
import { Codex } from '../codex.ts';
import { CodexInstallError } from '../exec-errors.ts';
import { ownTemporaryFolder } from '../test-fixtures/child-engine.ts';
import { install } from './install.ts';
import type { InstallOptions } from './install-options.ts';

ownTemporaryFolder();

/** Called when the archive has been read. */
let extracted = () => {};
vi.mock('../../../native/engine-archive.mjs', async (original) => {
  const real = await original<typeof import('../../../native/engine-archive.mjs')>();
  return {
    ...real,
    async extractEngine(...given: Parameters<typeof real.extractEngine>) {
      const engine = await real.extractEngine(...given);
      extracted();
      return engine;
    },
  };
});

const ending = process.platform === 'win32' ? '.exe' : '';
const binary = `codex${ending}`;
const triple = engineTarget(process.platform, process.arch)?.triple;
const asset = `codex-${triple}${ending}.tar.gz`;
let folder: string;
let installDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'releases-'));
  installDir = join(folder, 'deep', 'bin');
});
afterEach(() => rm(folder, { recursive: true }));

/** Puts an archive where `v1` is looked for. */
async function release(archive: Buffer, name = asset): Promise<InstallOptions> {
  await mkdir(join(folder, 'v1'), { recursive: true });
  await writeFile(join(folder, 'v1', name), archive);
  return { version: 'v1', baseUrl: pathToFileURL(folder).href, installDir };
}

test.each<[string, Entry[]]>([
  ['codex', [{ name: binary, content: 'engine' }]],
  ['./codex', [{ name: `./${binary}`, content: 'engine' }]],
  [
    'codex/codex',
    [
      { name: 'codex/', type: '5' },
      { name: `codex/${binary}`, content: 'engine' },
    ],
  ],
  ['codex-<triple>', [{ name: `codex-${triple}${ending}`, content: 'engine' }]],
])('the engine is taken as %s, placed, executable (296, 298)', async (_, entries) => {
  const result = await install(await release(tarball([...entries, { name: 'README', content: 'x' }])));
  expect(result).toEqual({ codexPath: join(installDir, binary), installed: true });
  expect(await readFile(result.codexPath, 'utf8')).toBe('engine');
  if (ending === '') expect((await stat(result.codexPath)).mode & 0o777).toBe(0o755);
  expect(await readdir(installDir)).toEqual([binary]);
});

test('another file name, which may be the engine’s own (298)', async () => {
  const options = await release(tarball([{ name: 'other', content: 'engine' }]), 'other.tar.gz');
  expect(await Codex.install({ ...options, filename: 'other.tar.gz' })).toMatchObject({ installed: true });
});

test('an engine that is there stays, and nothing is fetched, unless it is to be replaced (297)', async () => {
  const options = await release(tarball([{ name: binary, content: 'new' }]));
  await mkdir(installDir, { recursive: true });
  const path = join(installDir, binary);
  await writeFile(path, 'old');
  expect(await install({ ...options, baseUrl: 'file:///nowhere' })).toEqual({ codexPath: path, installed: false });
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await install({ ...options, overwrite: true })).toEqual({ codexPath: path, installed: true });
  expect(await readFile(path, 'utf8')).toBe('new');
});

test('the sum is compared whatever its case; another one installs nothing (299)', async () => {
  const archive = tarball([{ name: binary, content: 'engine' }]);
  const options = await release(archive);
  const sum = createHash('sha256').update(archive).digest('hex');
  await expect(install({ ...options, sha256: 'AB' })).rejects.toThrow(
    new CodexInstallError(`SHA256 mismatch for ${asset}: expected AB, got ${sum}`),
  );
  expect(existsSync(installDir)).toBe(false);
  expect(await install({ ...options, sha256: sum.toUpperCase() })).toMatchObject({ installed: true });
});

test.each<[string, Buffer, string]>([
  ['without the engine', tarball([{ name: 'x' }]), `Downloaded archive did not contain expected binary: ${binary}`],
  ['with a way out', tarball([{ name: binary, content: 'engine' }, { name: '../x' }]), 'Unsafe tar entry: ../x'],
  ['with a link', tarball([{ name: binary, type: '2' }]), `Unsafe tar entry: ${binary}`],
  ['that is none', Buffer.from('no archive'), 'Failed to extract '],
  ['cut off', tarball([{ name: binary, content: 'engine' }]).subarray(0, -9), 'Failed to extract '],
])('an archive %s installs nothing (298, 300)', async (_, archive, text) => {
  const options = await release(archive);
  await mkdir(installDir, { recursive: true });
  await writeFile(join(installDir, binary), 'old');
  const failed = install({ ...options, overwrite: true });
  await expect(failed).rejects.toThrow(CodexInstallError);
  await expect(failed).rejects.toThrow(text);
  expect(await readdir(installDir)).toEqual([binary]);
  expect(await readFile(join(installDir, binary), 'utf8')).toBe('old');
});

test('over HTTP: the address, a refusal, a connection that breaks, an abort (296)', async () => {
  const archive = tarball([{ name: binary, content: 'engine' }]);
  const asked: (string | undefined)[] = [];
  const controller = new AbortController();
  const server = createServer(({ url }, response) => {
    asked.push(url);
    if (url?.includes('/v1/')) response.end(archive);
    else if (url?.includes('/cut/'))
      response.writeHead(200, { 'content-length': '99' }).write('x', () => response.destroy());
    else if (url?.includes('/held/')) response.writeHead(200).write('x', () => controller.abort('enough'));
    else response.writeHead(404).end('no');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases/`;
  const url = (version: string) => `${baseUrl}${version}/${asset}`;
  await expect(install({ version: 'v9', baseUrl, installDir })).rejects.toThrow(
    new CodexInstallError(`Failed to download ${url('v9')}: HTTP 404 Not Found`),
  );
  await expect(install({ version: 'cut', baseUrl, installDir })).rejects.toThrow(`Failed to download ${url('cut')}: `);
  await expect(install({ version: 'held', baseUrl, installDir, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
    cause: 'enough',
  });
  expect(existsSync(installDir)).toBe(false);
  expect(await install({ version: 'v1', baseUrl, installDir })).toMatchObject({ installed: true });
  expect(asked.at(-1)).toBe(`/releases/v1/${asset}`);
  server.closeAllConnections();
  server.close();
});

test('what cannot be put in its place is an error with its cause, and nothing is left beside it', async () => {
  const options = await release(tarball([{ name: binary, content: 'engine' }]));
  await mkdir(join(installDir, binary), { recursive: true });
  await expect(install({ ...options, overwrite: true })).rejects.toMatchObject({
    name: 'CodexInstallError',
    kind: 'install',
    message: expect.stringContaining(`Failed to install ${join(installDir, binary)}: `),
    cause: { syscall: 'rename' },
  });
  expect(await readdir(installDir)).toEqual([binary]);
});

test('an abort while the archive is read installs nothing', async () => {
  const options = await release(tarball([{ name: binary, content: 'engine' }]));
  const controller = new AbortController();
  extracted = () => controller.abort('enough');
  await expect(install({ ...options, signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  extracted = () => {};
  expect(existsSync(installDir)).toBe(false);
});

test('an archive may be in a folder of the release', async () => {
  const options = await release(tarball([{ name: binary, content: 'engine' }]));
  await mkdir(join(folder, 'v1', 'deep'));
  await writeFile(join(folder, 'v1', 'deep', asset), tarball([{ name: binary, content: 'deep' }]));
  const { codexPath } = await install({ ...options, filename: `deep/${asset}` });
  expect(await readFile(codexPath, 'utf8')).toBe('deep');
});

test('there is no default source, and no default release', async () => {
  await expect(install({ version: 'v1', baseUrl: '', installDir })).rejects.toThrow('baseUrl is required');
  await expect(install({ version: '', baseUrl: 'file:///x', installDir })).rejects.toThrow('version is required');
});
