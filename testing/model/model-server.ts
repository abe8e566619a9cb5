import type { IncomingMessage, ServerResponse } from 'node:http';
import { expectedGot } from '../../native/expected-got.mjs';
import { startLoopbackServer } from '../../sdk/host/loopback-server.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { Latches } from '../loopback/latches.ts';
import { sendBody, sendFailure } from './http-answer.ts';
import type { ModelAnswer } from './model-answer.ts';
import { BodyError, type ModelRequest, readBody, safeHeaders } from './model-request.ts';
import { createIds } from './parts.ts';
import { playAnswer } from './play-answer.ts';

/** What a model answers, and who is told about its requests. */
export interface ModelScript {
  /** The model's answers, one for each request. */
  answers: readonly ModelAnswer[];
  /** The latches that answers with `hold` wait for. */
  latches: Latches;
  /** Called once the body has arrived, before the answer is chosen. */
  onRequest?: (request: ModelRequest) => void;
  /** Called for anything that the script does not cover. */
  onMark?: (mark: string, detail?: JsonValue) => void;
}

/** The scripted model without its own server: a request listener for paths under `/v1/`. */
export interface ModelHandler {
  readonly requests: readonly ModelRequest[];
  /** Answers that no request has asked for. */
  unconsumed(): ModelAnswer[];
  /** Never throws and never rejects: a failure becomes an HTTP answer and a mark. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends every answer that is still being played by cutting its connection. May be called twice. */
  close(): void;
}

/** A scripted model for an HTTP server that also serves other things; `startModelServer` serves only the model. */
export function createModelHandler(options: ModelScript): ModelHandler {
  const { latches, onRequest, onMark } = options;
  const requests: ModelRequest[] = [];
  const script = createAnswerScript(options.answers);
  const nextId = createIds();
  const open = new Set<AbortController>();
  let closed = false;
  const closedReason = () => new Error('The scripted model is closed');

  const respond = async (request: IncomingMessage, response: ServerResponse, signal: AbortSignal) => {
    const { method = '', url = '' } = request;
    const path = url.split('?', 1)[0] ?? '';
    if (method === 'GET' && path === '/v1/models') {
      // The engine asks for the list of models. An empty list makes it use its own.
      return sendBody(response, 200, { models: [], data: [] });
    }
    if (method !== 'POST' || path !== '/v1/responses') {
      onMark?.(`unknown model path ${method} ${path}`);
      const message = expectedGot(
        'answering a model request',
        'POST /v1/responses or GET /v1/models',
        `${method} ${path}`,
      );
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

/** A scripted model on its own port. */
export interface ModelServer {
  /** `http://127.0.0.1:PORT/TOKEN`; the engine's `base_url` is this plus `/v1`. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ModelRequest[];
  /** Answers that no request has asked for. */
  unconsumed(): ModelAnswer[];
  /** Ends every open connection at once. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a scripted Responses API on a free loopback port.
 * @throws Error if the port cannot be opened
 */
export async function startModelServer(options: ModelScript): Promise<ModelServer> {
  const model = createModelHandler(options);
  const server = await startLoopbackServer((request, response) => void model.handle(request, response));
  return {
    url: server.url,
    port: server.port,
    requests: model.requests,
    unconsumed: model.unconsumed,
    close() {
      model.close();
      return server.close();
    },
  };
}

/** The script as it is used up: one answer per request. */
export interface AnswerScript {
  /** The answer to this request, removed from the script; undefined if the script has none for it. */
  take(body: JsonObject): ModelAnswer | undefined;
  /** The answers that no request has asked for yet, in the script's order. */
  unconsumed(): ModelAnswer[];
}

/**
 * Chooses the next unused answer whose `for` occurs in the request's newest user text, otherwise the next one without
 * `for`.
 */
export function createAnswerScript(answers: readonly ModelAnswer[]): AnswerScript {
  const left = [...answers];
  return {
    take(body) {
      const text = newUserText(body);
      let index = left.findIndex((answer) => answer.for !== undefined && text.includes(answer.for));
      if (index < 0) index = left.findIndex((answer) => answer.for === undefined);
      return index < 0 ? undefined : left.splice(index, 1)[0];
    },
    unconsumed: () => [...left],
  };
}

/**
 * The text of the newest run of user messages in a request's `input`. Every request repeats the whole history, and the
 * request after a tool call ends with the tool's output. The user's last words still identify the turn.
 */
function newUserText(body: JsonObject): string {
  const input = Array.isArray(body.input) ? body.input : [];
  const texts: string[] = [];
  for (let i = input.length - 1; i >= 0; i--) {
    const item = input[i];
    if (isUserMessage(item)) texts.unshift(contentText(item.content));
    else if (texts.length > 0) break;
  }
  return texts.join('\n');
}

function isUserMessage(item: JsonValue | undefined): item is JsonObject {
  return isObject(item) && item.role === 'user';
}

function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}
