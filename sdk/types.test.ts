import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, expectTypeOf, test } from 'vitest';
import type { AgentMessageThreadItem, ServerNotification, ThreadItem, UnknownVariant } from './protocol/index.ts';
import type { AskForApproval, TurnStatus } from './types.ts';

test("the menu has the 37 names of Python's types module, each once", () => {
  const text = readFileSync(new URL('./types.ts', import.meta.url), 'utf8');
  const names = ts
    .createSourceFile('types.ts', text, ts.ScriptTarget.ES2023)
    .statements.flatMap((statement) =>
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      ts.isNamedExports(statement.exportClause)
        ? statement.exportClause.elements.map(({ name }) => name.text)
        : [],
    );
  expect(new Set(names).size).toBe(37);
  expect(names).toHaveLength(37);
});

test('the tag of an item narrows it to its variant; with an open variant in the union it would not', () => {
  const text = (item: ThreadItem): string | undefined => {
    if (item.type !== 'agentMessage') return undefined;
    expectTypeOf(item).toEqualTypeOf<AgentMessageThreadItem>();
    return item.text;
  };
  const open = (item: ThreadItem | UnknownVariant): unknown => {
    if (item.type !== 'agentMessage') return undefined;
    expectTypeOf(item).not.toEqualTypeOf<AgentMessageThreadItem>();
    return item;
  };
  expect(text({ type: 'agentMessage', id: 'i', text: 'hi' })).toBe('hi');
  expect(text({ type: 'contextCompaction', id: 'i' })).toBeUndefined();
  expect(open({ type: 'haiku', lines: 3 })).toBeUndefined();
});

test('a value of a later engine is still of the enum, and the known ones compare', () => {
  const status: TurnStatus = 'postponed';
  const policy: AskForApproval = { granular: { mcp_elicitations: true, rules: true, sandbox_approval: false } };
  expect(status === 'completed').toBe(false);
  expect(typeof policy).toBe('object');
});

test('the method of a notification narrows its params', () => {
  const delta = (message: ServerNotification): string =>
    message.method === 'item/agentMessage/delta' ? message.params.delta : '';
  expect(
    delta({ method: 'item/agentMessage/delta', params: { delta: 'x', itemId: 'i', threadId: 't', turnId: 'u' } }),
  ).toBe('x');
});
