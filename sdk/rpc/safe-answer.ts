import type { ServerRequests } from '../protocol/index.ts';

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
