import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StagingError } from './staging-error.ts';

/** What can be staged. A path may be that of a file only: nothing else, and no symbolic link. */
export type FileSource =
  | string
  | URL
  | Blob
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string, unknown, unknown>;

/** A source that is open: its pieces, once, and how to let it go. */
export interface OpenSource {
  /** What it is called, without a name of its own. */
  name: string;
  /** If that is known beforehand. */
  size?: number;
  pieces(): AsyncIterator<Uint8Array | string>;
  close(): Promise<void>;
}

/** How much of a file is read at a time. One buffer is enough: a piece is written before the next one is asked for. */
const pieceSize = 256 * 1024;

/** @throws StagingError for a path that is not a file, or cannot be read */
export async function openSource(source: FileSource, given: string | undefined): Promise<OpenSource> {
  if (typeof source === 'string' || source instanceof URL) return await openFile(source, given);
  const close = async () => {};
  if (source instanceof Uint8Array) {
    // A copy: the program may go on writing into its own.
    const bytes = Uint8Array.from(source);
    return { name: given ?? 'file', size: bytes.length, pieces: () => slices(bytes), close };
  }
  if (source instanceof Blob) {
    const name = given ?? ('name' in source && typeof source.name === 'string' ? source.name : 'file');
    return { name, size: source.size, pieces: () => readerOf(source.stream()), close };
  }
  const isWeb = 'getReader' in source;
  return {
    name: given ?? 'file',
    pieces: () => (isWeb ? readerOf(source) : source[Symbol.asyncIterator]()),
    close,
  };
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
}

function readerOf(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array> {
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done: true, value: undefined } : { done: false, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

async function openFile(source: string | URL, given: string | undefined): Promise<OpenSource> {
  const path = typeof source === 'string' ? source : fileURLToPath(source);
  const file = given ?? path;
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  // Without waiting: opening a named pipe would wait for somebody who writes to it.
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((cause: NodeJS.ErrnoException) => {
    const isLink = cause.code === 'ELOOP' || cause.code === 'EMLINK';
    throw isLink
      ? new StagingError('source', 'a file', 'a symbolic link', {
          advice: 'Give the file that it leads to',
          cause,
          file,
        })
      : new StagingError('source', 'a file that can be read', cause.message, { cause, file });
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) {
      const got = stats.isDirectory() ? 'a folder' : stats.isFIFO() ? 'a named pipe' : 'a device or socket';
      throw new StagingError('source', 'a file', got, { file });
    }
    return {
      name: given ?? basename(path),
      size: stats.size,
      async *pieces() {
        const buffer = Buffer.allocUnsafeSlow(pieceSize);
        for (;;) {
          const { bytesRead } = await handle.read(buffer, 0, pieceSize, null);
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
