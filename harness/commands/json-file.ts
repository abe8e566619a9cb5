import { constants } from 'node:fs';
import { access, lstat, open, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { UsageError } from './read-arguments.mjs';

/** The place that `--json FILE` names, found to be one that can be written. */
export interface JsonFile {
  /** As one JSON document, indented. */
  write(value: unknown): Promise<void>;
  /** The file, behind symbolic links; absent for a FIFO, a pipe or a device, beside which nothing can be written. */
  readonly file?: string;
}

const action = (file: string) => `writing --json ${file}`;

/**
 * Looks at the place before anything runs. A symbolic link is followed and stays; a FIFO, a pipe (`/dev/stdout`, `>(jq …)`) or a device is
 * written to as it is; a regular file is written beside and renamed, so that it is whole or as it was.
 * @param file as it was given; undefined when the option was not
 * @throws UsageError when it is a folder, a socket, or cannot be written
 */
export async function jsonFile(file: string | undefined): Promise<JsonFile | undefined> {
  if (file === undefined) return undefined;
  const refuse = (got: string, cause?: unknown) =>
    new UsageError(expectedGot(action(file), 'a file, FIFO or device that can be written', got), { cause });
  const target = await followed(path.resolve(file)).catch((cause) =>
    Promise.reject(refuse('a circle of links', cause)),
  );
  const there = await stat(target).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw refuse(String(cause.code), cause);
  });
  if (there?.isDirectory() === true) throw refuse('a folder');
  if (there?.isSocket() === true) throw refuse('a socket');
  const standard = await standardStream(there);
  const whole = standard === undefined && (there === undefined || there.isFile());
  const needed = standard !== undefined ? [] : whole ? [await nearest(target), ...(there ? [target] : [])] : [target];
  for (const place of needed)
    await access(place, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
      throw refuse(`no permission to write (${cause.code})`, cause);
    });
  return {
    ...(whole && { file: target }),
    async write(value) {
      const text = `${JSON.stringify(value, null, 2)}\n`;
      if (standard !== undefined) await print(standard, text);
      else await (whole ? writeWhole(target, text) : writeThrough(target, text, file));
    },
  };
}

/**
 * The same for results that are written one by one and renamed at the end.
 * @returns the place behind symbolic links
 * @throws UsageError when something other than a file is there
 */
export async function resultsFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  await jsonFile(file);
  const target = await followed(path.resolve(file));
  const there = await stat(target).catch(() => undefined);
  if (there === undefined || there.isFile()) return target;
  throw new UsageError(expectedGot(action(file), 'a file', 'a FIFO or a device'));
}

/** The place behind symbolic links, whether or not anything is there; `/proc/self/fd/1` and the like stay, as their targets are no paths. */
async function followed(file: string): Promise<string> {
  let at = file;
  for (let links = 0; links < 40; links += 1) {
    const there = await lstat(at).catch(() => undefined);
    if (there?.isSymbolicLink() !== true || /^\/(?:proc|dev\/fd)\//.test(at)) return at;
    at = path.resolve(path.dirname(at), await readlink(at));
  }
  throw new Error('ELOOP');
}

/** The nearest folder above that exists: the rest is made. */
async function nearest(file: string): Promise<string> {
  const folder = path.dirname(file);
  const there = await stat(folder).catch(() => undefined);
  return there !== undefined || folder === path.dirname(folder) ? folder : nearest(folder);
}

/** The stream of this process that the place is: opening it once more would write over what the stream has said, or the other way round. */
async function standardStream(there: { dev: number; ino: number } | undefined): Promise<Writable | undefined> {
  if (there === undefined || process.platform === 'win32') return undefined;
  for (const [fd, stream] of [[1, process.stdout] as const, [2, process.stderr] as const]) {
    const own = await stat(`/dev/fd/${fd}`).catch(() => undefined);
    if (own?.ino === there.ino && own.dev === there.dev && !own.isCharacterDevice()) return stream;
  }
  return undefined;
}

/** A reader that has left is no failure; the stream's own listener knows the others. */
const print = (stream: Writable, text: string) => new Promise<void>((resolve) => stream.write(text, () => resolve()));

async function writeThrough(target: string, text: string, file: string): Promise<void> {
  try {
    // Opening a FIFO waits for its reader; without one this says so at once. It stays open until the writer is: the reader leaves with its last one.
    const first = (await stat(target)).isFIFO()
      ? await open(target, constants.O_WRONLY | constants.O_NONBLOCK)
      : undefined;
    const handle = await open(target, constants.O_WRONLY | constants.O_APPEND).finally(() => first?.close());
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EPIPE') return; // The reader has left: it has seen enough.
    const got = code === 'ENXIO' ? 'a FIFO that nobody reads' : String(code);
    throw new Error(expectedGot(action(file), 'a place that takes the JSON', got), { cause });
  }
}
