import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findChromium } from './chromium.mjs';

let root: string;
const said: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chromium-'));
  said.length = 0;
  program(
    'node_modules/@playwright/test/index.js',
    `exports.chromium = { executablePath: () => ${JSON.stringify(join(root, 'own'))} };`,
  );
  program('node_modules/@playwright/test/cli.js', 'process.exit(1)');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const find = (install: boolean, env: NodeJS.ProcessEnv = {}) =>
  findChromium({ log: (line) => said.push(line), install, root, env: { PATH: join(root, 'bin'), ...env } });

/** A program of Node's, started by its own first line: no shell, no PATH. */
function program(file: string, source: string): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!${process.execPath}\n${source}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Source of one that makes a working browser at a place. */
const bringing = (file: string) =>
  `const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(join(root, 'asked'))}, process.argv.slice(2).join(' ') + '\\n');
fs.writeFileSync(${JSON.stringify(join(root, file))}, '#!' + process.execPath + '\\n', { mode: 0o755 });`;

const asked = () => (existsSync(join(root, 'asked')) ? readFileSync(join(root, 'asked'), 'utf8') : '');

// Programs there need no first line to be started, and none is: Chrome would open a window.
describe.runIf(process.platform !== 'win32')('where programs start by their first line', () => {
  test('one on PATH that starts is taken; a stand-in that does not is passed over', async () => {
    program('bin/chromium', 'console.error("install the real one"); process.exit(1)');
    const good = program('bin/google-chrome', 'console.log("Chrome 1")');
    expect(await find(false)).toBe(good);
    expect(said).toEqual([`Chromium: ${good}`]);
  });

  test('the one that is named is taken, or its failure is said; another one is never taken for it', async () => {
    const named = program('mine', '');
    program('bin/chromium', '');
    expect(await find(false, { TWINPROOF_CHROMIUM: named })).toBe(named);
    await expect(find(true, { TWINPROOF_CHROMIUM: join(root, 'gone') })).rejects.toThrow(
      /^Looking for Chromium: expected Chromium .*, got none that starts \(\S+gone: not started \(ENOENT\)\)\.$/,
    );
  });

  test('nothing is installed unless `install` allows it', async () => {
    program('node_modules/@playwright/test/cli.js', bringing('own'));
    await expect(find(false)).rejects.toThrow("Playwright's own is not installed");
    expect(asked()).toBe('');
    expect(await find(true)).toBe(join(root, 'own'));
    expect(asked()).toBe('install chromium\n');
  });

  test('the package manager is asked last, and only as root with CI set', async () => {
    program('bin/apt-get', bringing('bin/chromium'));
    await expect(find(true)).rejects.toThrow('only as root with CI set');
    expect(asked()).toBe('');
    const isRoot = process.getuid?.() === 0;
    const outcome = await find(true, { CI: 'true' }).catch((error: Error) => error.message);
    expect(outcome).toEqual(isRoot ? join(root, 'bin/chromium') : expect.stringContaining('only as root'));
    expect(asked()).toBe(isRoot ? 'update\ninstall -y --no-install-recommends chromium\n' : '');
  });
});
