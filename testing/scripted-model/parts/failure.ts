import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../json/json.ts';
import { sendBody } from '../send-body.ts';
import type { ModelFailure } from '../types.ts';

/** The `error` object of a failure, as the Responses API words it. */
export function errorObject(failure: ModelFailure): JsonObject {
  return {
    message: failure.message ?? 'scripted failure',
    type: 'error',
    ...(failure.code === undefined ? {} : { code: failure.code }),
  };
}

/** Answers with an HTTP failure in place of a stream. */
export function sendFailure(response: ServerResponse, failure: ModelFailure): void {
  sendBody(response, failure.status, failure.body ?? { error: errorObject(failure) }, failure.headers);
}
