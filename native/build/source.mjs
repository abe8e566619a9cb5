// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EngineError } from '../engine-error.mjs';
import { expectedGot } from '../expected-got.mjs';
import { git } from './git.mjs';

/** @typedef {import('./git.mjs').BuildContext} BuildContext */

/** Where the source of the engine is, relative to the repository: a submodule. */
export const submodule = 'native/codex';
/** What is checked out of it. */
const sparse = '/codex-rs/';

/** @param {string} root */
export const submoduleFolder = (root) => join(root, ...submodule.split('/'));

/**
 * Makes the submodule available, and the commit in it. The files of the submodule stay as they are if it is there: a build has a tree of its own.
 * A clone brings no more than the history, then the files of the commit below `codex-rs/`.
 * @param {string} commit
 * @param {BuildContext} context
 * @returns {Promise<string>} its folder
 * @throws {EngineError} `build`
 */
export async function ensureSource(commit, context) {
  const { root, log } = context;
  const folder = submoduleFolder(root);
  const inside = { ...context, cwd: folder };
  if (!existsSync(join(folder, '.git'))) {
    const url = await sourceUrl(context);
    const gitDir = resolve(
      root,
      (await git('looking for the submodule', ['rev-parse', '--git-path', `modules/${submodule}`], context)).trim(),
    );
    // An interrupted clone has left it: without its work tree it is nobody's.
    rmSync(gitDir, { recursive: true, force: true });
    mkdirSync(dirname(gitDir), { recursive: true });
    log(`Cloning ${url} into ${submodule} (codex-rs alone) …`);
    const words = ['clone', '--no-checkout', '--filter=blob:none', '--separate-git-dir', gitDir, url, folder];
    try {
      await git(`cloning ${url}`, words, context);
    } catch (error) {
      rmSync(gitDir, { recursive: true, force: true });
      rmSync(join(folder, '.git'), { force: true });
      throw error;
    }
    // As `git submodule init`, which needs a recorded commit: git's own commands then work on it.
    await git('registering the submodule', ['config', `submodule.${submodule}.url`, url], context);
  }
  await ensureCommit(commit, inside);
  const index = (await git('reading the submodule', ['rev-parse', '--git-path', 'index'], inside)).trim();
  if (existsSync(resolve(folder, index))) await refuseChanges(inside);
  else {
    await git('choosing codex-rs', ['sparse-checkout', 'set', '--no-cone', sparse], inside);
    await git(`checking out ${commit}`, ['checkout', '--quiet', '--detach', commit], inside);
  }
  return folder;
}

/** The user's own configuration of the submodule comes first, as with git. @param {BuildContext} context */
async function sourceUrl(context) {
  const key = `submodule.${submodule}.url`;
  for (const words of [
    ['config', '--get', key],
    ['config', '--file', '.gitmodules', '--get', key],
  ]) {
    const url = await git('reading the address of the submodule', words, context).catch(() => '');
    if (url.trim() !== '') return url.trim();
  }
  const doing = 'reading the address of the submodule';
  throw new EngineError('build', expectedGot(doing, `${key} in .gitmodules`, 'none', 'Restore the file as committed'));
}

/** @param {string} commit @param {BuildContext & { cwd: string }} inside */
async function ensureCommit(commit, inside) {
  const has = () =>
    git('looking for the commit', ['cat-file', '-e', `${commit}^{commit}`], inside).then(
      () => true,
      () => false,
    );
  if (await has()) return;
  inside.log(`Fetching ${commit} …`);
  const doing = `fetching the commit ${commit}`;
  try {
    await git(doing, ['fetch', '--quiet', '--filter=blob:none', 'origin', commit], inside);
  } catch (cause) {
    inside.signal?.throwIfAborted();
    // A server may refuse a commit that is no tip, and still have it.
    await git(doing, ['fetch', '--quiet', '--filter=blob:none', '--tags', 'origin'], inside).catch(() => undefined);
    if (await has()) return;
    throw new EngineError('build', expectedGot(doing, 'a commit of the source', 'none of that name'), { cause });
  }
}

/** The source is read-only: what is changed here would not be built. @param {BuildContext & { cwd: string }} inside */
async function refuseChanges(inside) {
  const changed = (
    await git('looking for changes', ['status', '--porcelain', '--untracked-files=no'], inside)
  ).trimEnd();
  if (changed === '') return;
  const files = changed.split('\n').map((line) => line.slice(3));
  const advice = 'Make a patch of them in native/patches/codex-rs, and undo them';
  throw new EngineError(
    'build',
    expectedGot(`reading ${submodule}`, 'its files as committed', `changes in ${files.join(', ')}`, advice),
  );
}

/**
 * A tree of the commit with the patches applied, in `folder`, which is made. On failure nothing is left of it.
 * @param {string} commit
 * @param {readonly string[]} patches absolute paths, in order
 * @param {string} folder
 * @param {BuildContext} context
 */
export async function makeTree(commit, patches, folder, context) {
  const inside = { ...context, cwd: submoduleFolder(context.root) };
  await removeTree(folder, context);
  try {
    await git('making a tree', ['worktree', 'add', '--quiet', '--no-checkout', '--detach', folder, commit], inside);
    const tree = { ...context, cwd: folder };
    await git('choosing codex-rs', ['sparse-checkout', 'set', '--no-cone', sparse], tree);
    await git(`checking out ${commit}`, ['checkout', '--quiet', '--detach', commit], tree);
    for (const patch of patches) await applyPatch(patch, tree);
  } catch (error) {
    await removeTree(folder, context);
    throw error;
  }
}

/** @param {string} folder @param {BuildContext} context */
export async function removeTree(folder, { signal: _, ...context }) {
  const inside = { ...context, cwd: submoduleFolder(context.root) };
  rmSync(folder, { recursive: true, force: true });
  await git('forgetting a tree', ['worktree', 'prune'], inside).catch(() => undefined);
}

/** @param {string} patch @param {BuildContext & { cwd: string }} tree */
async function applyPatch(patch, tree) {
  const name = patch.slice(patch.lastIndexOf('/') + 1);
  try {
    await git(`applying ${name}`, ['apply', '--whitespace=nowarn', patch], tree);
  } catch (cause) {
    tree.signal?.throwIfAborted();
    const { message } = /** @type {Error} */ (cause);
    const [, file, line] = /error: patch failed: (.*):(\d+)/.exec(message) ?? [];
    const got = file === undefined ? message.split('\n').slice(1).join('; ') : hunkAt(patch, file, Number(line));
    const advice = 'Make the patch again for this commit';
    throw new EngineError('build', expectedGot(`applying ${name}`, 'every hunk to fit', got, advice), { cause });
  }
}

/**
 * Which hunk it is: the second of `codex-rs/cli/src/main.rs`, with its head.
 * @param {string} patch
 * @param {string} file
 * @param {number} line
 */
function hunkAt(patch, file, line) {
  let current = '';
  let count = 0;
  for (const text of readFileSync(patch, 'utf8').split('\n')) {
    const [, next] = /^--- (?:a\/)?(.*?)(?:\t.*)?$/.exec(text) ?? [];
    if (next !== undefined) {
      current = next;
      count = 0;
    }
    const [head, start] = /^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@/.exec(text) ?? [];
    if (head === undefined) continue;
    count += 1;
    if (current === file && Number(start) === line) return `hunk ${count} of ${file} (${head}), which does not`;
  }
  return `the hunk of ${file} at line ${line}, which does not`;
}
