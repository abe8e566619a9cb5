import { shortened } from '../errors/codex-error.ts';
import type { JsonObject, ServerRequests } from '../protocol/index.ts';
import { errorText } from '../redact/error-text.ts';
import type { Closed } from './closed.ts';
import { isObject } from './is-object.ts';
import { jsonLine, sendable } from './json-line.ts';
import type { UnknownMethod } from './notification.ts';

/** The answer to a server request: a result or an error. */
export type Answer = { result: unknown } | { error: { code: number; message: string; data?: unknown } };

const rejection = 'no handler for approvals is set, so the request is declined';
/** There is no answer that would be both true and harmless. */
const refused = 'refused';

/** A request of the contract without a row does not compile. */
const safeAnswers: {
  readonly [M in keyof ServerRequests]: { result: Closed<ServerRequests[M]['result']> } | 'refused';
} = {
  'item/commandExecution/requestApproval': { result: { decision: 'decline' } },
  'item/fileChange/requestApproval': { result: { decision: 'decline' } },
  'item/permissions/requestApproval': { result: { permissions: {}, scope: 'turn' } },
  'item/tool/requestUserInput': { result: { answers: {} } },
  'item/tool/call': {
    result: { contentItems: [{ type: 'inputText', text: 'this client offers no such tool' }], success: false },
  },
  'mcpServer/elicitation/request': { result: { action: 'decline', content: null, _meta: null } },
  applyPatchApproval: { result: { decision: { denied: { rejection } } } },
  execCommandApproval: { result: { decision: { denied: { rejection } } } },
  'account/chatgptAuthTokens/refresh': refused,
  'attestation/generate': refused,
  'currentTime/read': refused,
};

/**
 * The answer that allows nothing; docs/approvals.md lists it for each request. It is used if nobody answers, and if a handler fails.
 * Python 0.163.0 accepts commands and file changes here, and answers `{}` to the rest; this SDK never agrees by itself.
 */
export function safeAnswer(method: string): Answer {
  const known = Object.hasOwn(safeAnswers, method) ? safeAnswers[method as keyof ServerRequests] : refused;
  if (known !== refused) return known as Answer;
  return { error: { code: -32601, message: `this client does not answer ${shortened(method, 200)}` } };
}

/** A request of the contract. `id` is the engine's own: a string or a number. */
export type KnownServerRequest = {
  [M in keyof ServerRequests]: { method: M; params: ServerRequests[M]['params']; id: unknown };
}[keyof ServerRequests];

/** The id of a request of the engine, as a text: `1` and `"1"` are two. */
export function requestKey(id: unknown): string {
  return typeof id === 'string' || typeof id === 'number' ? `${typeof id} ${id}` : '';
}

/** A request that the contract does not have, with its raw parameters; null if it has none. */
export interface UnknownServerRequest {
  method: UnknownMethod;
  params: JsonObject | null;
  id: unknown;
}

/** A request of the engine to its client: approvals, input, tools. Comparing `method` narrows `params`. */
export type ServerRequest = KnownServerRequest | UnknownServerRequest;

/**
 * What a handler may return: the result of a request of the contract, with the words that the contract spells out. It is sent unchanged, so a later
 * engine's answer needs a cast and nothing else: `return { decision: 'new' } as unknown as ServerRequestResult`.
 */
export type ServerRequestResult = {
  [M in keyof ServerRequests]: Closed<ServerRequests[M]['result']>;
}[keyof ServerRequests];

/**
 * Answers what no other handler has answered, in the words of the protocol (Python's private approval handler). It runs
 * off the read loop, so other messages are handled meanwhile, and it may send requests itself. Return `undefined` to use
 * the safe answer. If the handler throws, or returns something that JSON cannot hold or that is longer than the
 * transport takes, the safe answer is sent too, and the connection continues. `signal` fires when the answer is not needed any more: the engine has resolved the request
 * itself, its turn is over, or the connection is gone.
 * ```ts
 * import { Codex } from 'twinproof';
 *
 * await using codex = new Codex({
 *   approvals: [],
 *   onServerRequest: (request) => {
 *     if (request.method !== 'item/fileChange/requestApproval') return undefined;
 *     return { decision: 'decline' };
 *   },
 * });
 * const thread = await codex.threadStart();
 * await thread.run('What has changed?');
 * ```
 */
export type ServerRequestHandler = (
  request: ServerRequest,
  context: { signal: AbortSignal },
) => Promise<ServerRequestResult | undefined> | ServerRequestResult | undefined;

/** Called when a handler has failed and the safe answer was sent instead. */
export type ServerRequestErrorHandler = (error: unknown, request: ServerRequest) => void | Promise<void>;

export interface ServerRequestHandlers {
  onServerRequest?: ServerRequestHandler | undefined;
  onServerRequestError?: ServerRequestErrorHandler | undefined;
  /** A request that nobody answers gets no answer, in place of the safe one. */
  leaveToOthers?: boolean | undefined;
}

/**
 * The line that answers a server request; undefined if it is left to others. Never rejects. A method that is not a string is answered with an empty result,
 * as in Python.
 * @param idText is echoed; `request.id` is what the handler sees, where a number may be rounded
 * @param longest what the transport takes, in bytes
 */
export async function answerLine(
  request: ServerRequest,
  idText: string,
  handlers: ServerRequestHandlers,
  signal: AbortSignal,
  longest?: number,
): Promise<string | undefined> {
  const method: unknown = request.method;
  if (typeof method !== 'string') return toLine(idText, { result: {} });
  try {
    const result = await handlers.onServerRequest?.(request, { signal });
    if (result !== undefined) return sendable(`the answer to ${method}`, longest, () => toLine(idText, { result }));
    if (handlers.leaveToOthers === true) return undefined;
  } catch (error) {
    void report(error, request, handlers.onServerRequestError);
    if (method === 'item/tool/call') return toLine(idText, { result: failedCall(request.params, error) });
  }
  return toLine(idText, safeAnswer(method));
}

/** Longest text about a failure that goes to a model, in characters. */
export const longestFailure = 4000;

/** A call whose result cannot be sent, or whose handler has thrown: the model is told why, as of a tool that fails. */
function failedCall(params: unknown, error: unknown): Closed<ServerRequests['item/tool/call']['result']> {
  const name = isObject(params) && typeof params.tool === 'string' ? params.tool : 'the tool';
  const text = shortened(`${name} failed: ${errorText(error)}`, longestFailure);
  return { contentItems: [{ type: 'inputText', text }], success: false };
}

function toLine(idText: string, answer: Answer): string {
  if ('result' in answer && jsonLine(answer.result) === undefined) {
    throw new TypeError(`a server request's result must be a JSON value, not a ${typeof answer.result}`);
  }
  return `{"id":${idText},${jsonLine(answer).slice(1)}`;
}

async function report(
  error: unknown,
  request: ServerRequest,
  onError: ServerRequestErrorHandler | undefined,
): Promise<void> {
  try {
    await onError?.(error, request);
  } catch {
    // If this callback fails, at once or later, there is nobody left to tell, and the engine is waiting for its answer.
  }
}
