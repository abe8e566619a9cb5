import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';

/** The folders of one engine that a test starts, so that it never sees the user's own home. */
export interface RunFolder {
  root: string;
  home: string;
  codexHome: string;
  tmp: string;
  /** For the engine's environment: the folders, and none of the user's keys. */
  env: Record<string, string>;
  /** Removes all of it. */
  remove(): Promise<void>;
}

/**
 * A test that fails before it closes its engine must not leave a conversation behind, because it may contain secrets.
 */
const live = new Set<string>();
const removeAll = () => {
  // An engine that has not exited yet may still be writing.
  for (const root of live) rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
};

/** Creates a folder that only this user can read. @throws Error if the temporary folder cannot be written to */
export async function makeRunFolder(): Promise<RunFolder> {
  const parent = tmpdir();
  const made = await mkdtemp(join(parent, 'twinproof-')).catch((cause: Error) => {
    const text = expectedGot('making a temporary folder', `a writable ${parent}`, cause.message, 'Set TMPDIR');
    throw new Error(text, { cause });
  });
  const root = await realpath(made);
  if (live.size === 0) process.on('exit', removeAll);
  live.add(root);
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
    async remove() {
      // A killed engine may still be writing for a moment.
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
      if (live.delete(root) && live.size === 0) process.off('exit', removeAll);
    },
  };
}
