import type { JsonObject, ServerRequests } from '../protocol/index.ts';
import type { UnknownMethod } from './notification.ts';

/** What goes back for a server request: a result, or an error. */
export type Answer = { result: unknown } | { error: { code: number; message: string; data?: unknown } };

type SafeResults = { [M in keyof ServerRequests]?: ServerRequests[M]['result'] };

const rejection = 'no handler for approvals is set, so the request is declined';

// Methods that are not here (token refresh, attestation, the clock) have no answer that would be both true and harmless.
const safeResults: SafeResults = {
  'item/commandExecution/requestApproval': { decision: 'decline' },
  'item/fileChange/requestApproval': { decision: 'decline' },
  'item/permissions/requestApproval': { permissions: {}, scope: 'turn' },
  'item/tool/requestUserInput': { answers: {} },
  'item/tool/call': { contentItems: [{ type: 'inputText', text: 'this client offers no such tool' }], success: false },
  'mcpServer/elicitation/request': { action: 'decline', content: null, _meta: null },
  applyPatchApproval: { decision: { denied: { rejection } } },
  execCommandApproval: { decision: { denied: { rejection } } },
};

/**
 * The answer that allows nothing. Given when no handler is set, when it has no answer, and when it fails.
 * Python 0.163.0 accepts commands and file changes here and answers `{}` to the rest; ours never says yes by itself.
 */
export function safeAnswer(method: string): Answer {
  const results: Record<string, unknown> = safeResults;
  if (Object.hasOwn(results, method)) return { result: results[method] };
  return { error: { code: -32601, message: `this client does not answer ${method}` } };
}

/** A request of the contract. `id` is the engine's own, a string or a number. */
export type KnownServerRequest = {
  [M in keyof ServerRequests]: { method: M; params: ServerRequests[M]['params']; id: unknown };
}[keyof ServerRequests];

/** A request that the contract does not have, with its raw parameters; null when it had none. */
export interface UnknownServerRequest {
  method: UnknownMethod;
  params: JsonObject | null;
  id: unknown;
}

/** What the engine asks of its client: approvals, input, tools. Comparing `method` narrows `params`. */
export type ServerRequest = KnownServerRequest | UnknownServerRequest;

/** What a handler may answer: the result of any request of the contract, or any other object. */
export type ServerRequestResult = ServerRequests[keyof ServerRequests]['result'] | JsonObject | null;

/**
 * Answers a server request (Python's private approval handler). It runs off the read loop: others go on meanwhile, and it
 * may itself send requests. `undefined` means "not mine": the safe answer is given. When it throws, or returns what JSON
 * cannot hold, the safe answer is given as well, and the connection lives on. `signal` fires when the connection is gone.
 *
 * Approvals come here only where the thread's reviewer is the user: see `ApprovalMode`. `params.command` is the whole command line
 * (`/bin/bash -lc 'git status'`); `commandActions` has what the shell is told.
 * ```ts
 * import { Codex } from 'twinproof';
 *
 * await using codex = new Codex({
 *   onServerRequest: (request) => {
 *     if (request.method !== 'item/commandExecution/requestApproval') return undefined;
 *     const actions = request.params.commandActions ?? [];
 *     return { decision: actions.length === 1 && actions[0]?.command === 'git status' ? 'accept' : 'decline' };
 *   },
 * });
 * const thread = await codex.threadStart();
 * await thread.updateSettings({ approvalsReviewer: 'user' });
 * await thread.run('What has changed?');
 * ```
 */
export type ServerRequestHandler = (
  request: ServerRequest,
  context: { signal: AbortSignal },
) => Promise<ServerRequestResult | undefined> | ServerRequestResult | undefined;

/** Told when a handler failed and the safe answer was given in its place. */
export type ServerRequestErrorHandler = (error: unknown, request: ServerRequest) => void | Promise<void>;

export interface ServerRequestHandlers {
  onServerRequest?: ServerRequestHandler | undefined;
  onServerRequestError?: ServerRequestErrorHandler | undefined;
}

/**
 * The line that answers a server request, its id echoed as it came. Never rejects.
 * A method that is no string is answered with an empty result, as in Python.
 */
export async function answerLine(
  message: { id: unknown; method: unknown; params: JsonObject | null },
  handlers: ServerRequestHandlers,
  signal: AbortSignal,
): Promise<string> {
  const { id, method, params } = message;
  if (typeof method !== 'string') return JSON.stringify({ id, result: {} });
  // Off the read loop: a handler that sends or closes must not find the reader in the middle of its work.
  await Promise.resolve();
  // The contract's types are taken on trust here: what the engine sent is passed on as it came.
  const request = { id, method, params } as ServerRequest;
  try {
    const result = await handlers.onServerRequest?.(request, { signal });
    if (result !== undefined) return toLine(id, { result });
  } catch (error) {
    void report(error, request, handlers.onServerRequestError);
  }
  return toLine(id, safeAnswer(method));
}

function toLine(id: unknown, answer: Answer): string {
  if ('result' in answer && JSON.stringify(answer.result) === undefined) {
    throw new TypeError(`a server request's result must be a JSON value, not a ${typeof answer.result}`);
  }
  return JSON.stringify({ id, ...answer });
}

async function report(
  error: unknown,
  request: ServerRequest,
  onError: ServerRequestErrorHandler | undefined,
): Promise<void> {
  try {
    await onError?.(error, request);
  } catch {
    // A reporter that fails, at once or later, has nobody left to be reported to, and the engine is waiting for its answer.
  }
}
