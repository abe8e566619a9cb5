import { expectTypeOf, test } from 'vitest';
import type { Approval, ApprovalDecision, ApprovalRequest, CodexConfig, FileChangeDecision } from '../index.ts';
import type { ServerRequests } from '../protocol/index.ts';
import type { Closed } from '../rpc/closed.ts';

declare function confirm(text: string): Promise<boolean>;
const config = (given: CodexConfig) => given;

// The stage `types` compiles this file: what must not compile and does is an error there.
test('answers are closed: one that the kind does not have does not compile', () => {
  config({ approvals: async ({ summary }) => ((await confirm(summary)) ? 'accept' : 'decline') });
  config({ approvals: { permissions: () => ({ grant: { network: { enabled: true } }, scope: 'session' }) } });
  config({
    approvals: [() => undefined, { command: () => ({ acceptWithExecpolicyAmendment: ['git'] }), timeoutMs: 5 }],
  });
  config({ onServerRequest: ({ method }) => (method === 'currentTime/read' ? { currentTimeAt: 1 } : undefined) });
  config({ onServerRequest: () => ({ decision: 'accept' }) });
  config({ onUserInput: { handler: () => ({ color: 'Blue', size: ['S', 'M'] }), timeoutMs: 5 } });
  // @ts-expect-error a slip
  config({ approvals: () => 'acept' });
  // @ts-expect-error a slip, later
  config({ approvals: async () => 'acept' as const });
  // @ts-expect-error a slip in the kind
  config({ approvals: { comand: () => 'accept' } });
  // @ts-expect-error a change of files has no rules
  config({ approvals: { fileChange: () => ({ acceptWithExecpolicyAmendment: ['git'] }) } });
  // @ts-expect-error permissions cannot be cancelled
  config({ approvals: { permissions: () => 'cancel' } });
  // @ts-expect-error a command is not accepted for ever but by a rule
  config({ approvals: { command: () => 'acceptAlways' } });
  // @ts-expect-error a truth is no decision
  config({ approvals: () => true });
  config({ approvals: () => {} });
  // @ts-expect-error a slip in the words of the protocol
  config({ onServerRequest: () => ({ decision: 'acept' }) });
  // @ts-expect-error an answer to no request
  config({ onServerRequest: () => ({ fine: true }) });
  // @ts-expect-error a slip in the action
  config({ onElicitation: () => ({ action: 'agree' }) });
  // @ts-expect-error content for a refusal
  config({ onElicitation: () => ({ action: 'decline', content: { name: 'Ann' } }) });
  // @ts-expect-error a slip in the scope
  config({ onPermissions: () => ({ permissions: {}, scope: 'always' }) });
  // @ts-expect-error half of the tokens
  config({ onTokenRefresh: () => ({ accessToken: 'a' }) });
  // @ts-expect-error a slip
  config({ onDenial: 'trow' });
});

test('the kind narrows the request', () => {
  const approval: Approval = (request) => {
    if (request.kind === 'fileChange') expectTypeOf(request.diff).toEqualTypeOf<string | null>();
    // @ts-expect-error of a command alone
    else void request.command;
    if (request.kind === 'command') expectTypeOf(request.command).toEqualTypeOf<string | null>();
    expectTypeOf(request.summary).toEqualTypeOf<string>();
    return undefined;
  };
  expectTypeOf(approval).not.toBeAny();
  expectTypeOf<ApprovalRequest['kind']>().toEqualTypeOf<'command' | 'fileChange' | 'permissions' | 'mcpTool'>();
  expectTypeOf<ApprovalDecision<'fileChange'>>().toEqualTypeOf<FileChangeDecision>();
});

test('a closed type keeps plain texts, unknown values and its structure', () => {
  type Decision = Closed<ServerRequests['item/fileChange/requestApproval']['result']>['decision'];
  expectTypeOf<Decision>().toEqualTypeOf<'accept' | 'acceptForSession' | 'decline' | 'cancel'>();
  expectTypeOf<
    Closed<{ a: string; b?: unknown; c: ('x' | (string & {}))[]; d: 'y' | (string & {}) | null }>
  >().toEqualTypeOf<{
    a: string;
    b?: unknown;
    c: readonly 'x'[];
    d: 'y' | null;
  }>();
});
