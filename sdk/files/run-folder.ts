import { constants, rmSync } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEnded, programMark } from '../host/program-mark.ts';
import { randomId } from '../host/random-id.ts';
import { StagingError } from './staging-error.ts';

/** Folders that are still there; they go with the program, if nothing else has removed them. */
export const folders = new Set<RunFolder>();

function removeAll(): void {
  for (const folder of folders) folder.removeNow();
}

/** The folder that one connection of a client puts its files into. Nobody else can read it. */
export class RunFolder {
  readonly path: string;
  readonly #identity: string;

  private constructor(path: string, identity: string) {
    this.path = path;
    this.#identity = identity;
  }

  /**
   * Makes one below `artifacts` in the engine's home, and removes those that programs have left there which ended
   * without doing so.
   * @throws StagingError if the home is not there, cannot be written to, or belongs to somebody else
   */
  static async make(home: string, file: string): Promise<RunFolder> {
    const refused = (expected: string, got: string, cause?: unknown) =>
      new StagingError('home', expected, got, { cause, file });
    const real = await realpath(home).catch((cause: Error) => {
      throw refused("the engine's home on this machine", cause.message, cause);
    });
    const artifacts = join(real, 'artifacts');
    try {
      await mkdir(artifacts, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      const stats = await lstat(artifacts);
      if (!stats.isDirectory())
        throw refused(`a folder ${artifacts}`, stats.isSymbolicLink() ? 'a symbolic link' : 'a file');
      const user = process.getuid?.();
      if (user !== undefined && stats.uid !== user)
        throw refused(`a folder ${artifacts} of this user`, `one of user ${stats.uid}`);
      if (user !== undefined && (stats.mode & 0o022) !== 0)
        throw refused(
          `a folder ${artifacts} that only this user can write to`,
          `the mode ${(stats.mode & 0o777).toString(8)}`,
        );
      const path = join(artifacts, `run-${await programMark()}-${randomId()}`);
      await mkdir(path, { mode: 0o700 });
      // Whatever the umask is.
      await chmod(path, 0o700);
      const folder = new RunFolder(path, identityOf(await lstat(path)));
      if (folders.size === 0) process.on('exit', removeAll);
      folders.add(folder);
      await sweep(artifacts);
      return folder;
    } catch (cause) {
      if (cause instanceof StagingError) throw cause;
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw new StagingError('no-room', `room in ${real}`, message, { cause, file });
      throw refused(`a folder ${artifacts} that can be written to`, message, cause);
    }
  }

  /**
   * A new file in it, open for writing.
   * @throws StagingError if the folder is not the one that was made
   */
  async create(name: string, file: string): Promise<{ path: string; handle: Awaited<ReturnType<typeof open>> }> {
    await this.assertSame(file);
    const path = join(this.path, name);
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;
    const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      // Somebody may have put a link in its place between the two.
      await this.assertSame(file);
      const [opened, there] = [await handle.stat(), await lstat(path)];
      if (identityOf(opened) !== identityOf(there)) throw this.#replaced(file);
      return { path, handle };
    } catch (error) {
      await handle.close();
      // What was created by this call alone: it did not exist before.
      await rm(path, { force: true });
      throw error;
    }
  }

  /** @throws StagingError if something else is in its place */
  async assertSame(file: string): Promise<void> {
    const stats = await lstat(this.path).catch(() => undefined);
    if (!stats?.isDirectory() || identityOf(stats) !== this.#identity) throw this.#replaced(file);
  }

  /** Removes it with everything in it, unless something else is in its place. Never rejects. */
  async remove(): Promise<void> {
    try {
      const stats = await lstat(this.path);
      if (stats.isDirectory() && identityOf(stats) === this.#identity)
        await rm(this.path, { recursive: true, force: true });
    } catch {
      // It is gone already, or the next program that stages a file removes it.
    }
    this.#forget();
  }

  /** The same where nothing asynchronous is possible any more. */
  removeNow(): void {
    try {
      rmSync(this.path, { recursive: true, force: true });
    } catch {
      // The next program that stages a file removes it.
    }
  }

  #forget(): void {
    if (folders.delete(this) && folders.size === 0) process.off('exit', removeAll);
  }

  #replaced(file: string): StagingError {
    return new StagingError('home', `the folder ${this.path} as it was made`, 'another one in its place', { file });
  }
}

const identityOf = ({ dev, ino }: { dev: number; ino: number }): string => `${dev}:${ino}`;

const runName = /^run-(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Removes the folders of programs that have ended. The name says whose a folder is, so that it is told from the moment
 * that it exists. One of another machine or container, where this program cannot see who lives, stays.
 */
async function sweep(artifacts: string): Promise<void> {
  for (const name of await readdir(artifacts).catch(() => [])) {
    const [, mark] = runName.exec(name) ?? [];
    if (mark === undefined || !(await hasEnded(mark))) continue;
    const path = join(artifacts, name);
    try {
      // Removing follows no link: of one in a folder's place, the link goes.
      if ((await lstat(path)).isDirectory()) await rm(path, { recursive: true, force: true });
    } catch {
      // Another program sweeps too.
    }
  }
}
