import { readdirSync, readFileSync } from 'node:fs';
import { expect, expectTypeOf, test } from 'vitest';
import type { ThreadForkParams, ThreadResumeParams, ThreadStartParams, TurnStartParams } from '../protocol/index.ts';
import { withThread } from '../test-fixtures/connected-client.ts';
import type { ThreadFields, ThreadForkFields, ThreadStartFields, TurnFields } from './protocol-fields.ts';
import { Sandbox } from './sandbox.ts';
import {
  threadForkParams,
  threadForkRules,
  threadResumeParams,
  threadResumeRules,
  threadStartParams,
  threadStartRules,
} from './thread-options.ts';
import { turnRules, turnStartParams } from './turn-options.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/protocol-fields.md', root), 'utf8');

/** The rows of a call's table: what each field of the protocol is here. */
function rowsOf(method: string): Map<string, string> {
  const [, part = ''] = page.split(`\n## ${method}\n`);
  const rows = (part.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.map(
      (row) =>
        row
          .split('|')
          .slice(1, 3)
          .map((cell) => cell.trim().replaceAll('`', '')) as [string, string],
    ),
  );
}

/** The fields of a call, by version of the engine. */
function contracts(type: string): [version: string, fields: string[]][] {
  const { officialPair, engines } = JSON.parse(readFileSync(new URL('native/engine.lock.json', root), 'utf8'));
  const versions = readdirSync(new URL('fixtures/contract/', root)).filter(
    (one) => one in engines || one === officialPair,
  );
  return versions.map((version) => {
    const schema = JSON.parse(readFileSync(new URL(`fixtures/contract/${version}/schema.json`, root), 'utf8'));
    return [version, Object.keys((schema.definitions ?? schema)[type].properties)];
  });
}

const calls = {
  'thread/start': {
    type: 'ThreadStartParams',
    rules: threadStartRules,
    send: (options: object) => threadStartParams(options, false),
  },
  'thread/resume': {
    type: 'ThreadResumeParams',
    rules: threadResumeRules,
    send: (options: object) => threadResumeParams('th', options, false),
  },
  'thread/fork': {
    type: 'ThreadForkParams',
    rules: threadForkRules,
    send: (options: object) => threadForkParams('th', options, false),
  },
  'turn/start': {
    type: 'TurnStartParams',
    rules: turnRules,
    send: (options: object) => turnStartParams('th', 'hi', options),
  },
} as const;
const table = Object.entries(calls);

test.each(table)('%s: every field of every engine has its row, and no row is of another field', (method, { type }) => {
  const rows = rowsOf(method);
  const all = contracts(type);
  expect(all.length).toBeGreaterThan(3);
  for (const [version, fields] of all)
    expect(
      fields.filter((field) => !rows.has(field)),
      `engine ${version}`,
    ).toEqual([]);
  const known = new Set(all.flatMap(([, fields]) => fields));
  expect([...rows.keys()].filter((field) => !known.has(field))).toEqual([]);
});

/** A right value of each option that is not sent as it is. */
const values: Record<string, unknown> = { sandbox: Sandbox.readOnly, includeTurns: true, approvals: () => 'accept' };

test.each(table)('%s: every option of its table is one, and sends its field', (method, { rules, send }) => {
  for (const [field, option] of rowsOf(method)) {
    if (option === 'left out' || option === 'argument') continue;
    expect(Object.keys(rules), field).toContain(option);
    // Bound after the start, and told to the engine by another part.
    if (option === 'tools') continue;
    const value = values[option] ?? 'some value';
    expect(send({ [option]: value }), field).toHaveProperty(field);
    if (option === field && !(option in values))
      expect(send({ [option]: value }), field).toMatchObject({ [field]: value });
  }
});

test('what has the name of a field is a field of the call', () => {
  expectTypeOf<keyof ThreadStartFields>().toExtend<keyof ThreadStartParams>();
  expectTypeOf<keyof ThreadFields>().toExtend<keyof ThreadResumeParams>();
  expectTypeOf<keyof ThreadForkFields>().toExtend<keyof ThreadForkParams>();
  expectTypeOf<keyof TurnFields>().toExtend<keyof TurnStartParams>();
});

test.each([
  [{ approvalMode: 'auto_review', approvalPolicy: 'never' }, 'expected approvalMode or approvalPolicy, got both'],
  [{ sandbox: 'read-only', sandboxPolicy: { type: 'readOnly' } }, 'expected sandbox or sandboxPolicy, got both'],
  [{ sandbox: 'read-only', permissions: 'mine' }, 'expected sandbox or permissions, got both'],
])('options that contradict each other are refused, and nothing is sent: %j', async (options, text) => {
  const { engine, codex, thread } = await withThread();
  await expect(thread.run('hi', options as never)).rejects.toThrow(text);
  if (!('sandboxPolicy' in options)) await expect(codex.threadStart(options as never)).rejects.toThrow(text);
  expect(engine.peer.received).toEqual([]);
  await codex.close();
});

test('a policy of approvals takes the place of the default mode’s, whose reviewer stays', () => {
  expect(threadStartParams({ approvalPolicy: 'untrusted' }, false)).toEqual({
    approvalPolicy: 'untrusted',
    approvalsReviewer: 'auto_review',
  });
  expect(threadStartParams({ approvalPolicy: 'never', approvals: () => 'accept' }, false)).toEqual({
    approvalPolicy: 'never',
    approvalsReviewer: 'user',
  });
});

test('MCP servers become settings of the thread, in the engine’s words', () => {
  const servers = {
    docs: { url: 'http://127.0.0.1:1/mcp', headers: { a: 'b' }, envHeaders: { c: 'D' }, bearerTokenEnvVar: 'T' },
    db: { command: 'db-mcp', args: ['x'], cwd: '/p', env: { A: '1' }, envVars: ['B'], startupTimeoutMs: 1500 },
    few: { command: 'f', enabledTools: ['a'], disabledTools: ['b'], required: true, toolTimeoutMs: 250 },
  };
  const config = { model_verbosity: 'low', mcp_servers: { docs: { command: 'old' }, other: { command: 'o' } } };
  expect(threadStartParams({ mcpServers: servers, config }, false).config).toEqual({
    model_verbosity: 'low',
    mcp_servers: {
      other: { command: 'o' },
      docs: {
        url: 'http://127.0.0.1:1/mcp',
        http_headers: { a: 'b' },
        env_http_headers: { c: 'D' },
        bearer_token_env_var: 'T',
      },
      db: { command: 'db-mcp', args: ['x'], cwd: '/p', env: { A: '1' }, env_vars: ['B'], startup_timeout_sec: 1.5 },
      few: { command: 'f', enabled_tools: ['a'], disabled_tools: ['b'], required: true, tool_timeout_sec: 0.25 },
    },
  });
});
