import { expect, test } from 'vitest';
import type { ApprovalRequest } from '../index.ts';
import type { ThreadItem } from '../protocol/index.ts';
import { questionOf } from './permissions.ts';
import { commandLine, outputContent, toolCallOf } from './tool-calls.ts';

const call = (item: object) => toolCallOf({ id: 'i', status: 'completed', ...item } as unknown as ThreadItem);
const text = (words: string) => ({ type: 'content', content: { type: 'text', text: words } });

test.each([
  [[], 'execute'],
  [undefined, 'execute'],
  [[{ type: 'read', path: '/a' }], 'read'],
  [[{ type: 'search' }, { type: 'listFiles', path: null }], 'search'],
  [[{ type: 'read' }, { type: 'search' }], 'execute'],
  [[{ type: 'later' }], 'execute'],
])('the kind of a command that does %j', (commandActions, kind) => {
  expect(call({ type: 'commandExecution', command: 'x', cwd: '/', commandActions })).toMatchObject({ kind });
});

test('a command that runs has no output of its own yet; one that ended has, even none', () => {
  const command = { type: 'commandExecution', command: 'x', cwd: '/', commandActions: [{ type: 'read', path: '/a' }] };
  expect(call({ ...command, status: 'inProgress' })).not.toHaveProperty('rawOutput');
  expect(call(command)).toMatchObject({ rawOutput: { exitCode: null, output: '' }, locations: [{ path: '/a' }] });
  expect(call({ ...command, aggregatedOutput: 'out', exitCode: 3, status: 'failed' })).toMatchObject({
    ...{ status: 'failed', rawOutput: { exitCode: 3, output: 'out' } },
    content: [text('```\nout\n```')],
  });
});

test('output is fenced by more than it contains, and a long one is its end', () => {
  expect(outputContent('a ```` b')).toEqual([text('`````\na ```` b\n`````')]);
  const [shown] = outputContent('x'.repeat(30_001)) as [ReturnType<typeof text>];
  expect(shown.content.text).toBe(`\`\`\`\n…${'x'.repeat(30_000)}\n\`\`\``);
  const [whole] = outputContent('x'.repeat(30_000)) as [ReturnType<typeof text>];
  expect(whole.content.text).not.toContain('…');
});

test.each([
  [`/bin/bash -lc 'echo '\\''a'\\'''`, `echo 'a'`],
  [`/bin/sh -c 'ls'`, 'ls'],
  ['ls -l', 'ls -l'],
])('%s is shown as %s', (command, shown) => {
  expect(commandLine(command)).toBe(shown);
});

test('a change of files names them; one that names none changes files', () => {
  const changes = [
    { path: '/w/a.ts', kind: { type: 'add' }, diff: 'x' },
    { path: 'C:\\w\\b.ts', kind: { type: 'add' }, diff: 'y' },
  ];
  expect(call({ type: 'fileChange', changes })).toMatchObject({ title: 'Edit a.ts, b.ts', kind: 'edit' });
  for (const none of [[], undefined])
    expect(call({ type: 'fileChange', changes: none })).toMatchObject({ title: 'Edit files' });
});

test('a call of an MCP server shows its error, else its content as far as a client can show it', () => {
  const mcp = { type: 'mcpToolCall', server: 's', tool: 't', arguments: { a: 1 } };
  expect(call({ ...mcp, error: { message: 'no' }, status: 'failed' })).toMatchObject({ content: [text('no')] });
  const content = [
    { type: 'text', text: 'yes' },
    { type: 'image', data: 'AA==', mimeType: 'image/png' },
    ...[{ type: 'image', data: 7 }, { type: 'text' }, { type: 'later' }, 7],
  ];
  expect(call({ ...mcp, result: { content } })).toMatchObject({
    title: 's: t',
    content: [text('yes'), { type: 'content', content: { type: 'image', data: 'AA==', mimeType: 'image/png' } }],
    rawOutput: { content },
  });
  expect(call({ ...mcp, result: {} })).toMatchObject({ content: [] });
  expect(call(mcp)).not.toHaveProperty('rawOutput');
});

test('other items are calls of a kind of their own; what is said, and what a later engine does, is none', () => {
  const contentItems = [
    { type: 'inputText', text: 'out' },
    { type: 'inputImage', imageUrl: 'x' },
  ];
  expect(call({ type: 'dynamicToolCall', tool: 'add', contentItems })).toMatchObject({
    title: 'add',
    content: [text('out')],
  });
  expect(call({ type: 'dynamicToolCall', tool: 'add', status: 'failed' })).toMatchObject({
    content: [],
    status: 'failed',
  });
  expect(call({ type: 'webSearch', query: 'q' })).toMatchObject({ kind: 'fetch', title: 'Search the web: q' });
  expect(call({ type: 'imageView', path: '/a.png' })).toMatchObject({ kind: 'read', locations: [{ path: '/a.png' }] });
  expect(call({ type: 'collabAgentToolCall', status: 'inProgress' })).toMatchObject({
    kind: 'think',
    status: 'in_progress',
  });
  for (const type of ['agentMessage', 'reasoning', 'later']) expect(call({ type })).toBeUndefined();
});

const asked = (of: object) =>
  questionOf({
    threadId: 'th',
    itemId: null,
    item: null,
    reason: null,
    summary: 'sum',
    ...of,
  } as unknown as ApprovalRequest);

test('a question has the options of its kind, each with its decision; an option that was not offered is none', () => {
  const names = (of: object) => asked(of).options.map(({ name }) => name);
  const command = { kind: 'command', command: null, cwd: '/' };
  const both = ['No, go on without it', 'No, and stop'];
  const session = ['Allow', 'Allow for this session'];
  expect(names({ ...command, proposedExecpolicyAmendment: [] })).toEqual([...session, ...both]);
  expect(names(command)).toEqual([...session, ...both]);
  const rule = ['git', 'push'];
  const ruled = asked({ ...command, proposedExecpolicyAmendment: rule });
  expect(ruled.options[2]?.name).toBe('Always allow git push …');
  const chosen = (optionId: string) => ({ outcome: 'selected', optionId }) as const;
  expect(ruled.decision(chosen('2'))).toEqual({ acceptWithExecpolicyAmendment: rule });
  expect([ruled.decision(chosen('9')), ruled.decision({ outcome: 'cancelled' })]).toEqual(['cancel', 'cancel']);
  expect(names({ kind: 'fileChange' })).toEqual([...session, ...both]);
  const more = asked({ kind: 'permissions', permissions: {} });
  expect([more.options.length, more.decision({ outcome: 'cancelled' })]).toEqual([3, 'decline']);
  const mcp = asked({ kind: 'mcpTool', server: 's', tool: 't', arguments: {} });
  expect(mcp.decision(chosen('2'))).toBe('acceptAlways');
});

test('a question is about the call that it belongs to, and says why', () => {
  const item = { type: 'commandExecution', id: 'i', command: 'ls', cwd: '/', commandActions: [], status: 'inProgress' };
  const why = text('needs the network');
  expect(
    asked({ kind: 'command', command: null, cwd: '/', itemId: 'i', item, reason: 'needs the network' }).toolCall,
  ).toMatchObject({
    ...{ toolCallId: 'i', title: 'sum', status: 'pending', kind: 'execute' },
    content: [why],
  });
  const alone = asked({ kind: 'permissions', permissions: { network: true } }).toolCall;
  expect(alone).toMatchObject({ toolCallId: 'permission-th', title: 'More permissions', rawInput: { network: true } });
  expect(asked({ kind: 'mcpTool', server: 's', tool: 't', arguments: 7 }).toolCall).toMatchObject({
    title: 's: t',
    rawInput: 7,
  });
  expect(asked({ kind: 'fileChange', changes: null, reason: 'needs the network' }).toolCall.content).toEqual([why]);
  const change = { type: 'fileChange', id: 'f', status: 'completed', changes: [] };
  expect(asked({ kind: 'fileChange', itemId: 'f', item: change }).toolCall).toMatchObject({
    ...{ title: 'Edit files', status: 'pending', kind: 'edit' },
  });
});
