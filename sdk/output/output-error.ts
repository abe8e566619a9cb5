import { CodexError, type CodexErrorKind } from '../errors/codex-error.ts';
import { issueText } from '../schema/issue-text.ts';
import type { SchemaIssue } from '../schema/prepare-schema.ts';

/**
 * Why there is no output: the turn was interrupted, it ended without a final message, the message is not JSON, it does
 * not fit the schema, or the schema's own code failed (`cause` is its error).
 */
export type OutputFailure = 'interrupted' | 'no-answer' | 'not-json' | 'invalid' | 'schema-failed';

/** What an answer comes to that gives no output. */
export interface FailedOutput {
  reason: OutputFailure;
  /** The text of the final message; null if there was none. */
  text: string | null;
  issues: readonly SchemaIssue[];
  cause?: unknown;
}

/** A turn completed, but its answer is no value of the schema. Both transports have a class of their own, with the turn. */
export abstract class OutputError extends CodexError {
  override readonly name: string = 'StructuredOutputError';
  override readonly kind: CodexErrorKind = 'output';
  /** Why there is no output. */
  readonly reason: OutputFailure;
  /** The text of the final message; null if there was none. */
  readonly text: string | null;
  /** What is wrong with the answer, each with its path in the value. Empty if the answer is not a value at all. */
  readonly issues: readonly SchemaIssue[];

  constructor({ reason, text, issues, ...details }: FailedOutput, action: string) {
    super(`${sentences[reason]}${issues.length > 0 ? `:\n${issueText(issues)}` : ''}`, { ...details, action });
    this.reason = reason;
    this.text = text;
    this.issues = issues;
  }
}

const sentences: Readonly<Record<OutputFailure, string>> = {
  interrupted: 'The turn was interrupted before it gave its output',
  'no-answer': 'The turn ended without a final message, which its output should have been',
  'not-json': 'The final message is not JSON',
  invalid: 'The final message does not fit the schema',
  'schema-failed': "The schema's own code failed on the final message",
};

/** Asks the model for the same output again. Undefined if another answer would not help. */
export function repairPrompt({ reason, issues, cause }: FailedOutput): string | undefined {
  if (reason === 'interrupted' || reason === 'schema-failed') return undefined;
  const wrong =
    issues.length > 0 ? issueText(issues) : `- ${cause instanceof Error ? cause.message : sentences[reason]}`;
  return `Your last answer does not fit the required output:\n${wrong}\nAnswer again with the whole corrected output, and nothing else.`;
}
