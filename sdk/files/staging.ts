import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AbortError, CodexError } from '../errors/codex-error.ts';
import { TransportClosedError } from '../errors/connection-errors.ts';
import { userName } from '../host/folders.ts';
import { eitherSignal, onAbort } from '../host/on-abort.ts';
import { randomId } from '../host/random-id.ts';
import { KeyedLock } from '../rpc/keyed-lock.ts';
import { cleanName, endingOf } from './clean-name.ts';
import { isOneOf, mediaTypeOf, tellingBytes } from './media-type.ts';
import { RunFolder } from './run-folder.ts';
import { type FileSource, openSource } from './source.ts';
import { StagingError } from './staging-error.ts';

/** How long a staged file stays. */
export type Keep = 'turn' | 'thread' | 'client';

/** Options of `Files.stage()`. */
export interface StageOptions {
  /** What the file is called, for the agent. Made a plain file name. Default: the name of the source, or `file`. */
  name?: string | undefined;
  /**
   * When the file is removed: at the end of the turn that it was given to, at the end of the thread (it is archived,
   * deleted or closed), or with `close()`. One that was given to nobody goes with `close()`. Default: `client`.
   */
  keep?: Keep | undefined;
  /** The largest file that is accepted, in bytes. Default: 2,147,483,648. */
  maxBytes?: number | undefined;
  /**
   * The media types that are accepted, such as `image/png` or `image/*`. The type is told by the first bytes, never by the
   * name: PNG, JPEG, GIF, WebP and PDF; anything else is `application/octet-stream`. Default: all.
   */
  types?: readonly string[] | undefined;
  /** Ends the staging; nothing of the file stays. */
  signal?: AbortSignal | undefined;
}

/** The default of `StageOptions.maxBytes`. */
export const defaultMaxBytes = 2 ** 31;

/** A file that has been staged, and who holds it. */
export interface Staged {
  path: string;
  name: string;
  size: number;
  /** Of its content, in hexadecimal. */
  sha256: string;
  mediaType: string;
  /** Removes it now, unless the same content is staged a second time. Never rejects. May be called twice. */
  release(): Promise<void>;
}

/** A file on disk, and by how many it is held. */
interface Stored {
  holders: number;
}

interface Holder {
  keep: Keep;
  path: string;
  turns: Set<string>;
  threads: Set<string>;
  release(): Promise<void>;
}

/** The files that one connection of a client has staged. */
export class Staging {
  readonly #home: string | undefined;
  readonly #locks = new KeyedLock();
  readonly #stored = new Map<string, Stored>();
  readonly #holders = new Set<Holder>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #ended = new AbortController();
  #folder: Promise<RunFolder> | undefined;

  /** @param home the engine's, CODEX_HOME; undefined for an engine that has none: the files are then temporary ones */
  constructor(home: string | undefined) {
    this.#home = home;
  }

  /**
   * Copies a source into the folder of this run.
   * @throws StagingError, AbortError; nothing of it is left
   */
  async stage(source: FileSource, options: StageOptions): Promise<Staged> {
    const action = 'staging a file';
    const { signal } = options;
    if (signal?.aborted) throw new AbortError(action, signal.reason);
    const ended = signal ? eitherSignal(signal, this.#ended.signal) : this.#ended.signal;
    const work = this.#stage(source, options, ended).catch((error: unknown) => {
      if (signal?.aborted) throw new AbortError(action, signal.reason);
      if (this.#ended.signal.aborted) throw new TransportClosedError('the client was closed', { action });
      throw error;
    });
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /** A turn has been given its input: these paths, among others. */
  given(paths: readonly string[], threadId: string, turnId: string): void {
    for (const holder of this.#holders) {
      if (!paths.includes(holder.path)) continue;
      holder.turns.add(turnId);
      holder.threads.add(threadId);
    }
  }

  turnEnded(turnId: string): void {
    for (const { keep, turns, release } of [...this.#holders])
      if (turns.delete(turnId) && keep === 'turn' && turns.size === 0) void release();
  }

  threadEnded(threadId: string): void {
    for (const { keep, threads, release } of [...this.#holders])
      if (threads.delete(threadId) && keep !== 'client' && threads.size === 0) void release();
  }

  /** Ends what is being staged, and removes all files. Never rejects. */
  async close(): Promise<void> {
    this.#ended.abort();
    await Promise.allSettled(this.#running);
    this.#holders.clear();
    await this.#folder?.then(
      (folder) => folder.remove(),
      () => {},
    );
  }

  async #stage(source: FileSource, options: StageOptions, signal: AbortSignal): Promise<Staged> {
    const { name: given, keep = 'client', maxBytes = defaultMaxBytes, types } = options;
    const opened = await openSource(source, given);
    try {
      const name = cleanName(opened.name);
      const tooLarge = () => new StagingError('too-large', `at most ${maxBytes} bytes`, 'more', { file: name });
      if ((opened.size ?? 0) > maxBytes) throw tooLarge();
      const folder = await this.#open(name);
      const part = await folder.create(`.part-${randomId()}`, name).catch((cause: unknown) => {
        throw asStagingError(cause, name);
      });
      try {
        const hash = createHash('sha256');
        let size = 0;
        let head = Buffer.alloc(0);
        let checked = false;
        const check = () => {
          checked = true;
          const { type } = mediaTypeOf(head);
          if (types && !isOneOf(type, types))
            throw new StagingError('type', `one of ${types.join(', ')}`, type, { file: name });
        };
        for await (const piece of untilAborted(opened.pieces(), signal, name)) {
          size += piece.length;
          if (size > maxBytes) throw tooLarge();
          if (head.length < tellingBytes)
            head = Buffer.concat([head, piece.subarray(0, tellingBytes)]).subarray(0, tellingBytes);
          if (!checked && head.length === tellingBytes) check();
          hash.update(piece);
          await writeAll(part.handle, piece);
        }
        if (!checked) check();
        await part.handle.close();
        const sha256 = hash.digest('hex');
        const { type: mediaType, ending = endingOf(name) } = mediaTypeOf(head);
        const path = await this.#store(folder, part.path, `${sha256}${ending}`, name);
        if (signal.aborted) {
          await this.#drop(path);
          throw new AbortError('staging a file', signal.reason);
        }
        return { path, name, size, sha256, mediaType, release: this.#hold(path, keep) };
      } catch (cause) {
        await part.handle.close().catch(() => {});
        await rm(part.path, { force: true }).catch(() => {});
        throw asStagingError(cause, name);
      }
    } finally {
      await opened.close();
    }
  }

  #open(file: string): Promise<RunFolder> {
    this.#folder ??= RunFolder.make(this.#home ?? temporaryHome(), file).catch((error: unknown) => {
      // The next one tries again.
      this.#folder = undefined;
      throw error;
    });
    return this.#folder;
  }

  /** The same content is one file, held by several. */
  async #store(folder: RunFolder, part: string, fileName: string, name: string): Promise<string> {
    const path = join(folder.path, fileName);
    const unlock = await this.#locks.acquire(path);
    try {
      const stored = this.#stored.get(path);
      if (stored) {
        stored.holders += 1;
        await rm(part, { force: true });
        return path;
      }
      await folder.assertSame(name);
      await rename(part, path);
      this.#stored.set(path, { holders: 1 });
      return path;
    } finally {
      unlock();
    }
  }

  #hold(path: string, keep: Keep): () => Promise<void> {
    let released: Promise<void> | undefined;
    const holder: Holder = {
      keep,
      path,
      turns: new Set(),
      threads: new Set(),
      release: () => {
        this.#holders.delete(holder);
        released ??= this.#drop(path);
        return released;
      },
    };
    this.#holders.add(holder);
    return holder.release;
  }

  async #drop(path: string): Promise<void> {
    const unlock = await this.#locks.acquire(path);
    try {
      const stored = this.#stored.get(path);
      if (!stored) return;
      stored.holders -= 1;
      if (stored.holders > 0) return;
      this.#stored.delete(path);
      const folder = await this.#folder;
      await folder?.assertSame(path);
      await rm(path, { force: true });
    } catch {
      // The folder is gone, or is another one: `close()` and the next run's sweep do what is left to do.
    } finally {
      unlock();
    }
  }
}

/** For an engine without a home, such as one within this program. */
function temporaryHome(): string {
  const path = join(tmpdir(), `twinproof-${process.getuid?.() ?? userName() ?? 'files'}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** The pieces of a source, until a signal fires: a source that never says anything more is not waited for. */
async function* untilAborted(
  pieces: AsyncIterator<Uint8Array | string>,
  signal: AbortSignal,
  file: string,
): AsyncGenerator<Uint8Array, void, void> {
  let stopListening = () => {};
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted');
    stopListening = onAbort(signal, () => resolve('aborted'));
  });
  let over = false;
  try {
    for (;;) {
      const result = await Promise.race([pieces.next(), aborted]);
      if (result === 'aborted') throw new AbortError('staging a file', signal.reason);
      over = result.done === true;
      if (result.done) return;
      const value: unknown = result.value;
      if (typeof value === 'string') yield Buffer.from(value);
      else if (value instanceof Uint8Array) yield value;
      else
        throw new StagingError('source', 'bytes or text from the source', `a piece of type ${typeof value}`, { file });
    }
  } catch (cause) {
    over ||= !signal.aborted && !(cause instanceof StagingError);
    if (cause instanceof CodexError) throw cause;
    throw new StagingError(
      'source',
      'a source that can be read to its end',
      String((cause as Error)?.message ?? cause),
      {
        cause,
        file,
      },
    );
  } finally {
    stopListening();
    // Not waited for: it may wait for a piece that never comes.
    if (!over) void Promise.resolve(pieces.return?.()).catch(() => {});
  }
}

async function writeAll(
  handle: { write(bytes: Uint8Array, at: number, length: number): Promise<{ bytesWritten: number }> },
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
}

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function asStagingError(cause: unknown, file: string): unknown {
  if (cause instanceof CodexError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return full.has(code)
    ? new StagingError('no-room', "room in the engine's home", message, {
        cause,
        file,
        advice: 'Free some room, and repeat the call',
      })
    : new StagingError('home', "a folder in the engine's home that can be written to", String(message ?? cause), {
        cause,
        file,
      });
}
