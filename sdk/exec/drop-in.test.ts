import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as official from '@openai/codex-sdk';
import ts from 'typescript';
import { expect, test } from 'vitest';
import type * as ours from '../exec.ts';
import { officialPackage } from './test-fixtures/readme-snippets.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Names that a module exports, types included, and whether each is a value. */
function exportsOf(file: string): Map<string, boolean> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023);
  const names = source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    const { exportClause: clause, isTypeOnly } = statement;
    if (clause === undefined || !ts.isNamedExports(clause)) return [];
    return clause.elements.map((element) => [element.name.text, !isTypeOnly && !element.isTypeOnly] as const);
  });
  return new Map(names);
}

test('every name of the official package is there, as a value where it is one', () => {
  const own = exportsOf(join(folder, '..', 'exec.ts'));
  const wanted = exportsOf(join(officialPackage, 'dist/index.d.ts'));
  expect(wanted.size).toBe(34);
  expect([...wanted].filter(([name, value]) => own.get(name) !== value)).toEqual([]);
});

/** The compiler checks what follows: each line is an error where the two differ. */
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** Ours takes and gives more: whoever expects the official one can have it. */
type ForOfficial<Ours, Official> = [Ours] extends [Official] ? true : false;
type PublicCodex<Codex extends { startThread(...args: never[]): unknown; resumeThread(...args: never[]): unknown }> = [
  Parameters<Codex['startThread']>,
  Parameters<Codex['resumeThread']>,
];

test('every type is assignable to the official one, and the official one to it', () => {
  const same: {
    AgentMessageItem: Both<official.AgentMessageItem, ours.AgentMessageItem>;
    ApprovalMode: Both<official.ApprovalMode, ours.ApprovalMode>;
    CodexOptions: Both<official.CodexOptions, ours.CodexOptions>;
    CommandExecutionItem: Both<official.CommandExecutionItem, ours.CommandExecutionItem>;
    CyberAccessProgram: Both<official.CyberAccessProgram, ours.CyberAccessProgram>;
    ErrorItem: Both<official.ErrorItem, ours.ErrorItem>;
    FileChangeItem: Both<official.FileChangeItem, ours.FileChangeItem>;
    Input: Both<official.Input, ours.Input>;
    ItemCompletedEvent: Both<official.ItemCompletedEvent, ours.ItemCompletedEvent>;
    ItemStartedEvent: Both<official.ItemStartedEvent, ours.ItemStartedEvent>;
    ItemUpdatedEvent: Both<official.ItemUpdatedEvent, ours.ItemUpdatedEvent>;
    McpToolCallItem: Both<official.McpToolCallItem, ours.McpToolCallItem>;
    ModelReasoningEffort: Both<official.ModelReasoningEffort, ours.ModelReasoningEffort>;
    ReasoningItem: Both<official.ReasoningItem, ours.ReasoningItem>;
    RunResult: Both<official.RunResult, ours.RunResult>;
    RunStreamedResult: Both<official.RunStreamedResult, ours.RunStreamedResult>;
    SandboxMode: Both<official.SandboxMode, ours.SandboxMode>;
    ThreadError: Both<official.ThreadError, ours.ThreadError>;
    ThreadErrorEvent: Both<official.ThreadErrorEvent, ours.ThreadErrorEvent>;
    ThreadEvent: Both<official.ThreadEvent, ours.ThreadEvent>;
    ThreadItem: Both<official.ThreadItem, ours.ThreadItem>;
    ThreadOptions: Both<official.ThreadOptions, ours.ThreadOptions>;
    ThreadStartedEvent: Both<official.ThreadStartedEvent, ours.ThreadStartedEvent>;
    TodoListItem: Both<official.TodoListItem, ours.TodoListItem>;
    TurnCompletedEvent: Both<official.TurnCompletedEvent, ours.TurnCompletedEvent>;
    TurnFailedEvent: Both<official.TurnFailedEvent, ours.TurnFailedEvent>;
    TurnOptions: Both<official.TurnOptions, ours.TurnOptions>;
    TurnStartedEvent: Both<official.TurnStartedEvent, ours.TurnStartedEvent>;
    Usage: Both<official.Usage, ours.Usage>;
    UserInput: Both<official.UserInput, ours.UserInput>;
    WebSearchItem: Both<official.WebSearchItem, ours.WebSearchItem>;
    WebSearchMode: Both<official.WebSearchMode, ours.WebSearchMode>;
    // Private members make the official classes assignable to nothing else: what they show is compared.
    threadId: Both<official.Thread['id'], ours.Thread['id']>;
    run: ForOfficial<ours.Thread['run'], official.Thread['run']>;
    runStreamed: ForOfficial<ours.Thread['runStreamed'], official.Thread['runStreamed']>;
    startAndResume: Both<PublicCodex<official.Codex>, PublicCodex<ours.Codex>>;
    construct: Both<ConstructorParameters<typeof official.Codex>, ConstructorParameters<typeof ours.Codex>>;
  } = {
    AgentMessageItem: true,
    ApprovalMode: true,
    CodexOptions: true,
    CommandExecutionItem: true,
    CyberAccessProgram: true,
    ErrorItem: true,
    FileChangeItem: true,
    Input: true,
    ItemCompletedEvent: true,
    ItemStartedEvent: true,
    ItemUpdatedEvent: true,
    McpToolCallItem: true,
    ModelReasoningEffort: true,
    ReasoningItem: true,
    RunResult: true,
    RunStreamedResult: true,
    SandboxMode: true,
    ThreadError: true,
    ThreadErrorEvent: true,
    ThreadEvent: true,
    ThreadItem: true,
    ThreadOptions: true,
    ThreadStartedEvent: true,
    TodoListItem: true,
    TurnCompletedEvent: true,
    TurnFailedEvent: true,
    TurnOptions: true,
    TurnStartedEvent: true,
    Usage: true,
    UserInput: true,
    WebSearchItem: true,
    WebSearchMode: true,
    threadId: true,
    run: true,
    runStreamed: true,
    startAndResume: true,
    construct: true,
  };
  const thread = (codex: ours.Codex): ours.Thread => codex.startThread();
  expect(Object.values(same)).not.toContain(false);
  expect(thread).toBeTypeOf('function');
});
