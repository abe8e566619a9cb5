// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

/**
 * Writes what is at an address (`http:`, `https:` or `file:`) to a file.
 * @param {string} url
 * @param {string} file
 * @param {{ signal?: AbortSignal | undefined, onProgress?: ((done: number, total: number | undefined) => void) | undefined }} [options] onProgress: bytes
 * @returns {Promise<string>} its SHA-256, hex
 * @throws {Error} if it cannot be had whole; the signal's reason when aborted
 */
export async function downloadFile(url, file, { signal, onProgress } = {}) {
  const hash = createHash('sha256');
  const { source, total } = await open(url, signal);
  let done = 0;
  /** @param {AsyncIterable<Buffer>} chunks */
  async function* counted(chunks) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      done += chunk.length;
      onProgress?.(done, total);
      yield chunk;
    }
  }
  try {
    await pipeline(source, counted, createWriteStream(file), signal === undefined ? {} : { signal });
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause });
  }
  return hash.digest('hex');
}

/** @param {string} url @param {AbortSignal | undefined} signal */
async function open(url, signal) {
  if (url.startsWith('file:')) {
    const path = fileURLToPath(url);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    return { source: createReadStream(path), total: size };
  }
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, signal === undefined ? {} : { signal });
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause });
  }
  if (response.ok && response.body) {
    const length = Number(response.headers.get('content-length') || Number.NaN);
    const body = /** @type {import('node:stream/web').ReadableStream} */ (response.body);
    return { source: Readable.fromWeb(body), total: Number.isNaN(length) ? undefined : length };
  }
  await response.body?.cancel();
  throw new Error(`HTTP ${response.status} ${response.statusText}`.trimEnd());
}

/** `fetch` says only that it failed; its cause says why. @param {unknown} error */
function reasonOf(error) {
  const { message, cause } = /** @type {Error} */ (error);
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}
