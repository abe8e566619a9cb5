import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { CodexInstallError } from '../exec-errors.ts';

/**
 * Copies what is at an address (`http:`, `https:` or `file:`) to a file.
 * @returns its SHA-256, in lower-case hexadecimals
 * @throws CodexInstallError when it cannot be had whole
 */
export async function download(url: string, file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  try {
    const source = url.startsWith('file:') ? createReadStream(fileURLToPath(url)) : await fetched(url, signal);
    async function* hashed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    }
    await pipeline(source, hashed, createWriteStream(file), { ...(signal ? { signal } : {}) });
    return hash.digest('hex');
  } catch (cause) {
    throw new CodexInstallError(`Failed to download ${url}: ${reasonOf(cause)}`, { cause });
  }
}

async function fetched(url: string, signal: AbortSignal | undefined): Promise<Readable> {
  const response = await fetch(url, signal ? { signal } : {});
  if (response.ok && response.body) return Readable.fromWeb(response.body as ReadableStream);
  await response.body?.cancel();
  throw new Error(`HTTP ${response.status} ${response.statusText}`.trimEnd());
}

/** `fetch` says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}
