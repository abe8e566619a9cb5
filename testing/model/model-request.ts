import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import zlib from 'node:zlib';
import { expectedGot } from '../../native/expected-got.mjs';
import { isObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { readJson, replacedMembers } from '../json/read-json.ts';

/** A request that the model has received. `headers` does not include Authorization, which never leaves this module. */
export interface ModelRequest {
  /** 1 for the first request. */
  n: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: JsonObject;
}

/** Node has zstd from 22.15 on. Older versions refuse such a body and never misread it. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (data: Uint8Array) => Buffer };

/** The body cannot be read; `status` is the HTTP status to answer with. */
export class BodyError extends Error {
  override name = 'BodyError';
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The request's JSON object, decompressed. @throws BodyError if there is none */
export async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return parseBody(Buffer.concat(chunks), request.headers['content-encoding'] ?? 'identity');
}

/** The JSON object of a body's bytes: numbers keep their digits. @throws BodyError if there is none, or a member twice */
export function parseBody(bytes: Buffer, encoding: string): JsonObject {
  let value: JsonValue;
  let replaced: JsonObject | undefined;
  try {
    const text = decompress(bytes, encoding).toString('utf8');
    value = readJson(text);
    replaced = replacedMembers(text, value);
  } catch (cause) {
    if (cause instanceof BodyError) throw cause;
    throw new BodyError(400, expectedGot('reading a model request', 'JSON', `a body (${encoding}) that is none`), {
      cause,
    });
  }
  if (!isObject(value)) {
    throw new BodyError(400, expectedGot('reading a model request', 'a JSON object', typeof value));
  }
  if (replaced !== undefined) {
    const twice = Object.keys(replaced).join(', ');
    throw new BodyError(400, expectedGot('reading a model request', 'each member once', `${twice} more than once`));
  }
  return value;
}

function decompress(body: Buffer, encoding: string): Buffer {
  if (encoding === 'identity') return body;
  if (encoding === 'gzip') return zlib.gunzipSync(body);
  if (encoding === 'zstd' && zstdDecompressSync) return zstdDecompressSync(body);
  throw new BodyError(415, expectedGot('reading a model request', 'an encoding that this Node knows', encoding));
}

/** Headers that say how the engine asks. All others (authorization, cookies, what a proxy adds) are dropped. */
const allowed = new Set([
  'accept',
  'content-encoding',
  'content-type',
  'openai-beta',
  'originator',
  'session-id',
  'session_id',
  'thread-id',
  'user-agent',
  'version',
]);

/** The allowed headers in lower case, including the engine's own `x-codex-*` and `x-openai-*`. */
export function safeHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !(allowed.has(name) || /^x-(codex|openai)-/.test(name))) continue;
    safe[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return safe;
}
