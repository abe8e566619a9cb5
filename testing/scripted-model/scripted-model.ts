import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { createIds } from './ids.ts';
import type { Latches } from './latches.ts';
import { sendFailure } from './parts/failure.ts';
import { playAnswer } from './play-answer.ts';
import { BodyError, readBody } from './read-body.ts';
import { safeHeaders } from './safe-headers.ts';
import { createAnswerScript } from './select-answer.ts';
import { sendBody } from './send-body.ts';
import type { ModelAnswer } from './types.ts';

/** A request that the model has received. The Authorization header is not among `headers`: it never leaves this module. */
export interface ScriptedRequest {
  /** 1 for the first. */
  n: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: JsonObject;
}

/** Options of `createScriptedModel()`. */
export interface ScriptedModelOptions {
  /** What the model says, one answer for each request. */
  answers: readonly ModelAnswer[];
  /** What answers with `hold` wait for. */
  latches: Latches;
  /** Called once the body is there, before the answer is chosen. */
  onRequest?: (request: ScriptedRequest) => void;
  /** Called for what the script did not foresee. */
  onMark?: (mark: string, detail?: JsonValue) => void;
}

/** The scripted model without a server of its own: a request listener for paths under `/v1/`. */
export interface ScriptedModel {
  readonly requests: readonly ScriptedRequest[];
  /** Answers that no request has asked for. */
  unconsumed(): ModelAnswer[];
  /** Never throws and never rejects: what goes wrong becomes an HTTP answer and a mark. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends every answer that is still being played, by cutting its connection. Idempotent. */
  close(): void;
}

/** A scripted model for an HTTP server of your own; `scriptedModel()` brings server and engine with it. */
export function createScriptedModel(options: ScriptedModelOptions): ScriptedModel {
  const { latches, onRequest, onMark } = options;
  const requests: ScriptedRequest[] = [];
  const script = createAnswerScript(options.answers);
  const nextId = createIds();
  const open = new Set<AbortController>();
  let closed = false;
  const closedReason = () => new Error('The scripted model is closed');

  const respond = async (request: IncomingMessage, response: ServerResponse, signal: AbortSignal) => {
    const { method = '', url = '' } = request;
    const path = url.split('?', 1)[0] ?? '';
    if (method === 'GET' && path === '/v1/models') {
      // The engine asks for its models' list; an empty one makes it use its own.
      return sendBody(response, 200, { models: [], data: [] });
    }
    if (method !== 'POST' || path !== '/v1/responses') {
      onMark?.(`unknown model path ${method} ${path}`);
      const message = `The scripted model has no ${method} ${path}; wanted POST /v1/responses or GET /v1/models`;
      return sendFailure(response, { status: 404, message });
    }
    const body = await readBody(request);
    const received = { n: requests.length + 1, method, path, headers: safeHeaders(request.headers), body };
    requests.push(received);
    onRequest?.(received);
    const answer = script.take(body);
    if (!answer) {
      const message = `Model request ${received.n} is beyond the script, which has ${options.answers.length} answers`;
      onMark?.(`unscripted model request ${received.n}`, message);
      return sendFailure(response, { status: 500, message });
    }
    await playAnswer(answer, response, { nextId, latches, signal });
  };

  return {
    requests,
    unconsumed: script.unconsumed,
    async handle(request, response) {
      const left = new AbortController();
      // An engine that leaves in the middle is normal (interrupt, kill): its answer ends, and nothing else happens.
      response.on('close', () => left.abort(new Error('The engine has closed the connection')));
      response.on('error', () => {});
      request.on('error', () => {});
      const { signal } = left;
      if (closed) left.abort(closedReason());
      open.add(left);
      try {
        signal.throwIfAborted();
        await respond(request, response, signal);
      } catch (error) {
        if (signal.aborted || (request.destroyed && !request.complete)) {
          response.destroy();
          return;
        }
        const message = error instanceof Error ? error.message : String(error);
        onMark?.('model request failed', message);
        if (response.headersSent) response.destroy();
        else sendFailure(response, { status: error instanceof BodyError ? error.status : 500, message });
      } finally {
        open.delete(left);
      }
    },
    close() {
      closed = true;
      for (const left of open) left.abort(closedReason());
    },
  };
}
