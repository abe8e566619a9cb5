import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import type { Releases } from './releases.ts';

/** The folders of one engine that a test starts, so that it never sees the user's own home. */
export interface RunFolder {
  root: string;
  home: string;
  codexHome: string;
  tmp: string;
  /** For the engine's environment: the folders, and none of the user's keys. */
  env: Record<string, string>;
}

const live = new Set<string>();
const removeAll = () => {
  // An engine that has not exited yet may still be writing.
  for (const root of live) rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C ends a program without an `exit` event: the folders go first, then the program dies of the signal as it would have without this. */
function onSignal(signal: NodeJS.Signals): void {
  // If others listen too, they decide what becomes of the program, and `exit` follows if they end it.
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  unwatch();
  process.kill(process.pid, signal);
}

/** A test that fails or is interrupted must not leave a conversation behind, because it may contain secrets. */
function watch(): void {
  process.on('exit', removeAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off('exit', removeAll);
  for (const signal of signals) process.off(signal, onSignal);
}

/**
 * Creates a folder that only this user can read; it goes with `releases`, and with the process at the latest.
 * @throws Error if the temporary folder cannot be written to
 */
export async function makeRunFolder(releases: Releases): Promise<RunFolder> {
  const parent = tmpdir();
  const made = await mkdtemp(join(parent, 'twinproof-')).catch((cause: Error) => {
    const text = expectedGot('making a temporary folder', `a writable ${parent}`, cause.message, 'Set TMPDIR');
    throw new Error(text, { cause });
  });
  if (live.size === 0) watch();
  live.add(made);
  releases.add(async () => {
    // A killed engine may still be writing for a moment.
    await rm(made, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    if (live.delete(made) && live.size === 0) unwatch();
  });
  const root = await realpath(made);
  const [home, codexHome, tmp] = ['home', 'codex-home', 'tmp'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, codexHome, tmp]) await mkdir(folder);
  return {
    root,
    home,
    codexHome,
    tmp,
    env: { HOME: home, CODEX_HOME: codexHome, TMPDIR: tmp, OPENAI_API_KEY: '', CODEX_API_KEY: '' },
  };
}
