import type { IncomingMessage } from 'node:http';
import zlib from 'node:zlib';
import { isObject, type JsonObject } from '../json/json.ts';

/** Node has zstd from 22.15 on; on an older one such a body is refused, never misread. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (data: Uint8Array) => Buffer };

/** A body that cannot be read; `status` is the HTTP status that says so. */
export class BodyError extends Error {
  override name = 'BodyError';
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The request's JSON object, decompressed. @throws BodyError when it is none. */
export async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  let value: unknown;
  try {
    value = JSON.parse(decompress(Buffer.concat(chunks), encoding).toString('utf8'));
  } catch (cause) {
    if (cause instanceof BodyError) throw cause;
    throw new BodyError(400, `Reading a model request: the ${encoding} body is not JSON`, { cause });
  }
  if (!isObject(value)) {
    throw new BodyError(400, 'Reading a model request: the body is JSON but no object');
  }
  return value as JsonObject;
}

function decompress(body: Buffer, encoding: string): Buffer {
  if (encoding === 'identity') return body;
  if (encoding === 'gzip') return zlib.gunzipSync(body);
  if (encoding === 'zstd' && zstdDecompressSync) return zstdDecompressSync(body);
  throw new BodyError(415, `Reading a model request: content-encoding ${encoding} is not supported by this Node`);
}
