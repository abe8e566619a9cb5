import { chmod, copyFile, mkdtemp, open, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEngineLock, resolveEngine, venvPython } from '../../native/index.ts';
import { cellsEnvironment, cellsFolder } from '../cell/cells-folder.ts';
import { fakeBundle } from '../engine/fake-cell.ts';
import { type Machine, machineChecks } from '../run/machine-checks.ts';
import { examine } from './doctor.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const well: Machine = {
  ...{ repository, home: os.homedir(), env: process.env },
  ...{ python: venvPython(repository), git: 'git', fakeBundle },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(cellsFolder(cellsEnvironment(repository)), 'twinproof-doctor-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What is wrong with a machine, in the doctor's words. `only`: these checks, the others being about something else. */
async function wrong(machine: Partial<Machine>, ...only: string[]): Promise<string[]> {
  const { terminal, out } = saidTerminal();
  const all = Object.entries(machineChecks({ ...well, ...machine }));
  const checks = only.length === 0 ? all : all.filter(([name]) => only.includes(name));
  const code = await examine(Object.fromEntries(checks), terminal);
  const problems = out.filter((line) => line.startsWith('wrong'));
  expect(code).toBe(problems.length === 0 ? 0 : 1);
  expect(out.at(-1)).toMatch(new RegExp(`^\\d+ passed, ${problems.length} failed$`));
  return problems;
}

/** A program of the shell. */
async function program(name: string, text: string, mode = 0o755): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, mode);
  return file;
}

test('a machine with all that is needed has nothing wrong', async () => {
  expect(await wrong({})).toEqual([]);
});

test('a git that is not there, cannot be started, fails or says nothing is wrong', async () => {
  const gits = [
    ...[path.join(folder, 'none'), await program('shut', 'echo git version 2', 0o644)],
    ...[await program('fails', 'exit 3'), await program('mute', 'exit 0')],
  ];
  for (const git of gits)
    expect(await wrong({ git }, 'git'), git).toEqual([expect.stringMatching(/^wrong git: Starting git: expected /)]);
});

test('a Python without the clients, or with another version of one, is wrong', async () => {
  const version = 'if [ "$1" = --version ]; then echo Python 3.11.7; exit; fi';
  const bare = await program(
    'bare',
    `${version}\necho "ModuleNotFoundError: No module named 'openai_codex'" >&2; exit 1`,
  );
  expect(await wrong({ python: bare }, 'python', 'Python packages')).toEqual([
    expect.stringMatching(/^wrong Python packages: .*expected openai-codex 0\./),
  ]);
  expect(await wrong({ python: path.join(folder, 'none') }, 'python', 'Python packages')).toHaveLength(2);
});

test('a Python whose packages were never installed, because set-up failed, is wrong itself', async () => {
  expect(await wrong({ repository: folder }, 'python')).toEqual([
    expect.stringMatching(
      /^wrong python: .*got Python .*, one that set-up has not finished\. `npm run parity` finishes/,
    ),
  ]);
});

test('a fake engine that is not there, or of another version, is wrong', async () => {
  expect(await wrong({ fakeBundle: path.join(folder, 'none.mjs') }, 'fake engine')).toEqual([
    expect.stringContaining('wrong fake engine'),
  ]);
  const old = path.join(folder, 'old.mjs');
  await writeFile(old, "console.log('codex-cli 0.1.0')");
  expect(await wrong({ fakeBundle: old }, 'fake engine')).toEqual([expect.stringContaining('got codex-cli 0.1.0')]);
});

test('an engine with one flipped byte is wrong, whatever its times say', async () => {
  const { path: real } = await resolveEngine();
  const engine = path.join(folder, 'codex');
  await copyFile(real, engine);
  const env = { ...process.env, TWINPROOF_ENGINE: engine };
  const { atime, mtime, size } = await stat(engine);
  expect(await wrong({ env }, 'engine')).toEqual([]);
  const handle = await open(engine, 'r+');
  const at = Math.floor(size / 2);
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  await handle.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at);
  await handle.close();
  await utimes(engine, atime, mtime);
  expect(await wrong({ env }, 'engine')).toEqual([
    expect.stringMatching(/^wrong engine: Verifying the engine .*expected the published codex of .*, got another file/),
  ]);
});

test("a published engine of another version than the pin's is wrong", async () => {
  const { officialPair } = readEngineLock();
  const { path: engine } = await resolveEngine({ version: officialPair });
  expect(await wrong({ env: { ...process.env, TWINPROOF_ENGINE: engine } }, 'engine')).toEqual([
    expect.stringMatching(/^wrong engine: Verifying the engine .*expected the published codex .*, got that of /),
  ]);
});

test('a home and a place for cells that cannot be written are wrong, and each says which', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  expect(await wrong({ home: path.join(file, 'home') }, 'home')).toContainEqual(
    expect.stringMatching(/^wrong home: Writing into HOME: /),
  );
  const env = { ...process.env, TWINPROOF_CELLS: path.join(file, 'cells') };
  expect(await wrong({ env }, 'cells')).toEqual([
    expect.stringMatching(/^wrong cells: Writing into the folder of the cells: .*ENOTDIR/),
  ]);
  const everybodys = await mkdtemp(path.join(folder, 'open-'));
  await chmod(everybodys, 0o777);
  const others = { ...process.env, TWINPROOF_CELLS: everybodys };
  expect(await wrong({ env: others }, 'cells')).toEqual([expect.stringContaining('in which others may write')]);
});
