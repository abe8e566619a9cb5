import type {
  PermissionOption,
  PermissionOptionKind,
  RequestPermissionOutcome,
  ToolCallUpdate,
} from '@agentclientprotocol/sdk';
import type { ApprovalDecision, ApprovalRequest } from '../index.ts';
import { diffContent } from './diffs.ts';
import { commandLine, toolCallOf } from './tool-calls.ts';

/** An option that the user can choose, and the decision that it is. */
interface Choice {
  name: string;
  kind: PermissionOptionKind;
  decision: ApprovalDecision;
}

/** What the user is asked, and what each answer means. */
export interface Question {
  toolCall: ToolCallUpdate;
  options: PermissionOption[];
  decision(outcome: RequestPermissionOutcome): ApprovalDecision;
}

/** What the agent wants, as a question of the client. */
export function questionOf(request: ApprovalRequest): Question {
  const choices = choicesOf(request);
  return {
    toolCall: toolCall(request),
    options: choices.map(({ name, kind }, at) => ({ optionId: String(at), name, kind })),
    decision(outcome) {
      // By its text: as numbers, an empty one and a blank would be the first.
      const chosen = choices.find((_, at) => outcome.outcome === 'selected' && outcome.optionId === String(at));
      if (chosen) return chosen.decision;
      // A prompt that was cancelled, and an option that was not offered.
      return request.kind === 'permissions' ? 'decline' : 'cancel';
    },
  };
}

function choicesOf(request: ApprovalRequest): Choice[] {
  const once: Choice = { name: 'Allow', kind: 'allow_once', decision: 'accept' };
  const session: Choice = { name: 'Allow for this session', kind: 'allow_always', decision: 'acceptForSession' };
  const no: Choice = { name: 'No, go on without it', kind: 'reject_once', decision: 'decline' };
  const stop: Choice = { name: 'No, and stop', kind: 'reject_once', decision: 'cancel' };
  switch (request.kind) {
    case 'command': {
      const rule = request.proposedExecpolicyAmendment;
      const always: Choice[] =
        rule && rule.length > 0
          ? [
              {
                name: `Always allow ${rule.join(' ')} …`,
                kind: 'allow_always',
                decision: { acceptWithExecpolicyAmendment: rule },
              },
            ]
          : [];
      return [once, session, ...always, no, stop];
    }
    case 'fileChange':
      return [once, session, no, stop];
    case 'permissions':
      return [once, session, no];
    case 'mcpTool':
      return [once, session, { name: 'Always allow', kind: 'allow_always', decision: 'acceptAlways' }, no];
  }
}

function toolCall(request: ApprovalRequest): ToolCallUpdate {
  const { item, itemId, summary, reason, threadId } = request;
  const known = item ? toolCallOf(item) : undefined;
  const why = reason === null ? [] : [{ type: 'content' as const, content: { type: 'text' as const, text: reason } }];
  const own = (): Partial<ToolCallUpdate> => {
    switch (request.kind) {
      case 'command':
        return {
          kind: 'execute',
          title: commandLine(request.command ?? summary),
          rawInput: { command: request.command, cwd: request.cwd },
        };
      case 'fileChange':
        return { kind: 'edit', content: [...why, ...diffContent(request.changes ?? [])] };
      case 'permissions':
        return { kind: 'other', title: 'More permissions', rawInput: request.permissions };
      case 'mcpTool':
        return { kind: 'other', title: `${request.server}: ${request.tool}`, rawInput: request.arguments };
    }
  };
  return {
    ...known,
    title: known?.title ?? summary,
    content: [...why, ...(known?.content ?? [])],
    ...own(),
    toolCallId: itemId ?? `permission-${threadId}`,
    status: 'pending',
  };
}
