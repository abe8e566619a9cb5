import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { expectedGot } from '../../../native/expected-got.mjs';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import type { Break } from './read-behaviours.ts';

/** Large, and never written to by what runs in the copy. */
const linked: ReadonlySet<string> = new Set(['node_modules', '.venv']);
/** Results and caches: each copy has its own. */
const left: ReadonlySet<string> = new Set(['.git', '.cache', 'out', 'dist']);

/** A copy of the repository to break: what is tested is in the copy, and so is every program that a test starts. */
export class TreeCopy {
  /** Absolute. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies the tree below `root` to the temp folder; always `remove` it. */
  static async of(root: string): Promise<TreeCopy> {
    const folder = await mkdtemp(join(tmpdir(), 'twinproof-behaviours-'));
    try {
      for (const name of await readdir(root)) {
        if (linked.has(name)) await symlink(join(root, name), join(folder, name));
        else if (!left.has(name)) await cp(join(root, name), join(folder, name), { recursive: true });
      }
      await mkdir(join(folder, 'dist'));
      const bundles = await readdir(join(root, 'dist')).catch(() => []);
      for (const name of bundles.filter((one) => one.startsWith('fake-codex-rs')))
        await cp(join(root, 'dist', name), join(folder, 'dist', name));
      return new TreeCopy(folder);
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      throw new Error(`Copying ${root} to break the copy: ${(cause as Error).message}`, { cause });
    }
  }

  /**
   * Runs `work` with the break in place, and undoes it afterwards.
   * @throws what `applyBreak` and `work` throw
   */
  async broken<T>(change: Break, work: () => Promise<T>): Promise<T> {
    const file = join(this.folder, change.file);
    const text = await readFile(file, 'utf8');
    await writeWhole(file, await applyBreak(text, change));
    try {
      return await work();
    } finally {
      await writeWhole(file, text);
    }
  }

  async remove(): Promise<void> {
    // A program that is just exiting may still write there.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** How often the text occurs: a break needs it exactly once. */
export function timesFound(text: string, { find }: Break): number {
  return text.split(find).length - 1;
}

/**
 * The file's text with the break in it.
 * @throws Error if the place does not occur exactly once, or the result is not a program: a file that cannot be loaded
 * shows no behaviour
 */
async function applyBreak(text: string, change: Break): Promise<string> {
  const times = timesFound(text, change);
  if (times !== 1)
    throw new Error(expectedGot(`breaking ${change.file}`, 'the text to be broken in it once', `it ${times} times`));
  const broken = text.replace(change.find, () => change.replace);
  if (broken === text) throw new Error(`the break of ${change.file} changes nothing`);
  try {
    await transform(broken, { loader: 'ts', logLevel: 'silent' });
  } catch (cause) {
    throw new Error(`${change.file} is not a program with its break: ${(cause as Error).message}`, { cause });
  }
  return broken;
}
