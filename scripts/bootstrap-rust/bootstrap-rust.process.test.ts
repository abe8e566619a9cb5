import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOutput } from '../../harness/commands/output.mjs';
import { writeFiles } from '../../native/test-fixtures/write-files.ts';
import { main } from './main.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bootstrap-rust-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();

let commit = '';
const root = join(folder, 'house');
beforeAll(() => {
  const source = join(folder, 'upstream');
  writeFiles(source, { 'codex-rs/rust-toolchain.toml': '[toolchain]\nchannel = "1.2.3"\n', 'docs/page.md': 'a page' });
  git(source, 'init', '--quiet', '--initial-branch=main');
  git(source, 'add', '--all');
  git(source, 'commit', '--quiet', '--message', 'one');
  commit = git(source, 'rev-parse', 'HEAD');
  writeFiles(root, {
    '.gitmodules': `[submodule "native/codex"]\n\tpath = native/codex\n\turl = ${pathToFileURL(source).href}\n`,
  });
  git(root, 'init', '--quiet');
});

/** Runs it with a stand-in for rustup that has these toolchains, and notes what it was asked for. */
async function bootstrap(values: Record<string, string>, rustup: string | undefined) {
  const bin = join(folder, 'bin');
  rmSync(bin, { recursive: true, force: true });
  const gitFolder = dirname(execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim());
  const asked = join(folder, 'asked.txt');
  rmSync(asked, { force: true });
  const text = `#!/bin/sh\nif [ "$2" = list ]; then echo '${rustup}'; else echo "$@" > '${asked}'; fi\n`;
  writeFiles(bin, rustup === undefined ? {} : { rustup: text });
  mkdirSync(bin, { recursive: true });
  const env = { PATH: `${bin}${delimiter}${gitFolder}`, HOME: folder };
  const code = await main({ values, words: [] }, openOutput(), { root, env });
  return { code, asked: existsSync(asked) ? readFileSync(asked, 'utf8').trim() : undefined };
}

test.skipIf(process.platform === 'win32')(
  'the source is cloned, and its toolchain installed where it is not there',
  async () => {
    await expect(bootstrap({}, '')).rejects.toThrow('expected one in the lock, got none. Give it by --commit');
    const first = await bootstrap({ commit }, 'stable-x86_64-unknown-linux-gnu (default)');
    expect(first).toEqual({ code: 0, asked: 'toolchain install 1.2.3 --profile minimal' });
    expect(readdirSync(join(root, 'native/codex')).sort()).toEqual(['.git', 'codex-rs']);
    expect(await bootstrap({ commit }, '1.2.3-x86_64-unknown-linux-gnu')).toEqual({ code: 0, asked: undefined });
    if (!existsSync('/usr/bin/rustup'))
      await expect(bootstrap({ commit }, undefined)).rejects.toThrow(
        'Looking for rustup: expected it on PATH, got none.',
      );
  },
);
