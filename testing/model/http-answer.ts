import type { ServerResponse } from 'node:http';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { writeJson } from '../json/write-json.ts';
import type { ModelFailure } from './model-answer.ts';

/** Sends a whole body and ends the answer: text unchanged, anything else as JSON. */
export function sendBody(
  response: ServerResponse,
  status: number,
  body: JsonValue,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : writeJson(body);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** The `error` object of a failure, in the wording of the Responses API. */
export function errorObject(failure: ModelFailure): JsonObject {
  return {
    message: failure.message ?? 'scripted failure',
    type: 'error',
    ...(failure.code === undefined ? {} : { code: failure.code }),
  };
}

/** Answers with an HTTP failure instead of a stream. */
export function sendFailure(response: ServerResponse, failure: ModelFailure): void {
  sendBody(response, failure.status, failure.body ?? { error: errorObject(failure) }, failure.headers);
}
