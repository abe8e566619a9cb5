import { expect, test } from 'vitest';
import type { JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { drop, type Place } from '../types.ts';
import { rules } from './index.ts';

const header = {
  ...{ kind: 'observation', schemaVersion: 1, scenario: 's', client: 'ts', clientVersion: '1', engine: 'real' },
  ...{ engineVersion: '1.2.3', engineSha256: 's', platform: 'p' },
  clientInfo: { name: 'own', title: 'Own SDK', version: '4.5.6' },
  paths: {
    ...{ root: '/c', workspace: '/c/workspace', home: '/c/home', codexHome: '/c/codex-home', tmp: '/c/tmp' },
    launcher: '/c/codex',
  },
};
const context = (over: object = {}) => ({ header: { ...header, ...over } }) as never;

const wire: ObservationBody = { ch: 'wire.in', msg: { method: 'x', params: {} } };
const request: ObservationBody = {
  ch: 'model.request',
  n: 1,
  method: 'POST',
  path: '/',
  headers: {},
  body: {},
} as never;
const error: ObservationBody = { ch: 'error', lane: 'l', op: 'o', error: { class: 'E', message: 'm' } };
const call: ObservationBody = { ch: 'call', lane: 'l', op: 'o', args: {} };

/** A value at a place, and what becomes of it; `undefined`: it stays. */
type Row = readonly [
  value: JsonValue,
  at: string,
  becomes: JsonValue | typeof drop | undefined,
  line?: ObservationBody,
  over?: object,
];

const sha = `sha256:${'0a'.repeat(32)}`;
const roots = (...list: string[]) => `The writable roots are ${list.map((one) => `\`${one}\``).join(', ')}.`;
const staging = '/c/artifacts/run-42-0123456789ab-k9z-01234567-89ab-cdef-0123-456789abcdef';
const agents: ObservationBody = {
  ch: 'wire.in',
  msg: {
    item: { tool: 'spawnAgent', agentsStates: { a: { status: 'running' } } },
    other: { tool: 'wait', agentsStates: { a: {} } },
  },
};

/** Each rule of values: what it replaces, and beside it what it must leave. */
const ofValues: Readonly<Record<string, readonly Row[]>> = {
  'long-text': [
    ['x'.repeat(65_536), 'text', undefined],
    ['x'.repeat(65_537), 'text', expect.stringMatching(/^<sha256:[0-9a-f]{16} of 65537>$/) as never],
  ],
  'host-fact': [
    ['UTC', 'timezone', drop, request],
    ['m', 'host', drop, request],
    [9, 'content-length', drop, request],
    [{}, 'x-codex-turn-metadata', drop, request],
    ['UTC', 'zone', undefined, request],
    ['UTC', 'timezone', undefined],
  ],
  'stderr-tail': [
    ['gone; stderr_tail=a\nb', 'message', 'gone; stderr_tail=<stderr>', error],
    ['gone', 'message', undefined, error],
    ['gone; stderr_tail=a', 'text', undefined, error],
    ['gone; stderr_tail=a', 'message', undefined],
  ],
  'client-identity': [
    ['own', 'clientInfo/name', '<client.name>'],
    ['Own SDK', 'clientInfo/title', '<client.title>'],
    ['4.5.6', 'clientInfo/version', '<client.version>'],
    ['other', 'clientInfo/name', undefined],
    ['own', 'clientInfo/title', undefined],
    ['own', 'name', undefined],
    ['own', 'clientInfo/name', undefined, call],
    ['own', 'originator', '<client.name>'],
    ['own', 'env/CODEX_INTERNAL_ORIGINATOR_OVERRIDE', '<client.name>'],
    ['own2', 'originator', undefined],
    ['own', 'serverInfo/name', '<client.name>'],
    [
      'own/1.2.3 (Linux 1; x) term (own; 4.5.6)',
      'userAgent',
      '<client.name>/1.2.3 (Linux 1; x) term (<client.name>; <client.version>)',
    ],
    ['own/1.2.3 (Linux 1; x) term (own; 4)', 'user-agent', '<client.name>/1.2.3 (Linux 1; x) term (<client.name>; 4)'],
    ['1.2.3 (L; x) t (own; 4.5.6)', 'serverInfo/version', '1.2.3 (L; x) t (<client.name>; <client.version>)'],
    ['1.2.3 (L; x) t (own; 4.5.6)', 'version', undefined],
    ['own/1.2.3 (Linux 1; x) term (own; 4.5.6)', 'text', undefined],
    ['own', 'clientInfo/name', undefined, wire, { clientInfo: undefined }],
  ],
  'user-agent': [
    ['own/1.2.3 (Linux 1; x) term (own; 4)', 'userAgent', 'own/<engine.version> (<os>) <term> (own; 4)'],
    ['own/9.9.9 (Linux 1; x) term 1 (own; 4)', 'user_agent', 'own/9.9.9 (<os>) <term> (own; 4)'],
    [
      '1.2.3 (Linux 1; x) term (codex_exec; 1.2.3)',
      'serverInfo/version',
      '<engine.version> (<os>) <term> (codex_exec; <engine.version>)',
    ],
    ['own/1.2.3', 'userAgent', undefined],
    ['1.2.3 (Linux 1; x) term (own; 4)', 'version', undefined],
    ['own/1.2.3 (Linux 1; x) term (own; 4)', 'text', undefined],
  ],
  'engine-version': [
    ['1.2.3', 'cliVersion', '<engine.version>'],
    ['1.2.3', 'cli_version', '<engine.version>'],
    ['1.2.4', 'cliVersion', undefined],
    ['1.2.3', 'version', undefined],
  ],
  'host-name': [
    ['box', 'serverName', '<host>', { ch: 'wire.in', msg: { method: 'remoteControl/status/changed' } }],
    ['box', 'serverName', '<host>', { ch: 'event', lane: 'l', method: 'x', payload: {}, known: true }],
    ['box', 'serverName', undefined, { ch: 'event', lane: 'l', method: 'mcpServer/x', payload: {}, known: true }],
    ['box', 'serverName', undefined, { ch: 'wire.in', msg: { method: 'mcpServer/startupStatus/updated' } }],
    ['', 'serverName', undefined],
    ['box', 'name', undefined],
    ['box', 'serverName', undefined, call],
  ],
  'process-id': [
    [42, 'processId', '<process>'],
    ['42', 'process_id', '<process>'],
    [42, 'session_id', '<process>'],
    ['shell', 'processId', undefined],
    [null, 'processId', undefined],
    [42, 'id', undefined],
  ],
  'process-fact': [
    [42, 'process/id', '<gauge>'],
    [42, 'process/memory/residentMemoryBytes', '<gauge>'],
    [42, 'process/physicalFootprintBytes', '<gauge>'],
    [42, 'process/memory/id', undefined],
    [42, 'residentMemoryBytes', undefined],
    ['42', 'process/id', undefined],
    [42, 'process/count', undefined],
  ],
  'request-number': [
    [7, 'n', 0, request],
    ['7', 'n', undefined, request],
    [7, 'body/n', undefined, request],
    [7, 'n', undefined],
  ],
  cursor: [
    ['abc', 'nextCursor', '<cursor>'],
    ['abc', 'cursor', '<cursor>'],
    ['', 'backwardsCursor', '<cursor>'],
    [null, 'nextCursor', undefined],
    ['abc', 'cursors', undefined],
  ],
  'config-version': [
    [sha, 'version', '<config-version>'],
    [sha, 'expectedVersion', '<config-version>'],
    [sha, 'hash', undefined],
    [`${sha}0`, 'version', undefined],
    ['1', 'version', undefined],
  ],
  path: [
    ['/c/codex', 'a', '<launcher>'],
    ['/c/codex-home/x', 'a', '<codexHome>/x'],
    ['at /c/workspace/f and /c/tmp', 'a', 'at <workspace>/f and <tmp>'],
    ['/c/home/.x', 'a', '<home>/.x'],
    ['/c/else', 'a', '<root>/else'],
    ['/d/workspace', 'a', undefined],
    ['/c/workspace', 'a', '<root>/workspace', wire, { paths: { ...header.paths, workspace: '' } }],
  ],
  'engine-target': [
    ['/e/x86_64-unknown-linux-musl/bin', 'a', '/e/<target>/bin'],
    ['aarch64-apple-darwin', 'a', '<target>'],
    ['@openai/codex-linux-x64 codex-darwin-arm64', 'a', '@openai/codex-<platform> codex-<platform>'],
    ['x86_64-unknown-linux-gnu codex-win32-x64', 'a', undefined],
  ],
  'output-schema-folder': [
    ['/t/codex-output-schema-a_B9/schema.json', 'a', '/t/codex-output-schema-<random>/schema.json'],
    ['/t/codex-output-schema/schema.json', 'a', undefined],
    ['codex-output-schema-ab', 'a', undefined],
  ],
  'staging-folder': [
    [`${staging}/0a.bin`, 'a', '/c/artifacts/run/0a.bin'],
    [staging.replace('artifacts', 'other'), 'a', undefined],
    [staging.slice(0, -2), 'a', undefined],
  ],
  'writable-roots': [
    [roots('/b', '/a', '/c'), 'text', roots('/a', '/b', '/c'), request],
    [roots('/a', '/b'), 'text', undefined, request],
    [roots('/b', '/a'), 'text', undefined],
  ],
  port: [
    ['http://127.0.0.1:4243/v1', 'a', 'http://127.0.0.1:<port>/v1'],
    ['localhost:1 [::1]:2', 'a', 'localhost:<port> [::1]:<port>'],
    [`127.0.0.1:1/${'0a'.repeat(32)}/v1`, 'a', '127.0.0.1:<port>/v1'],
    [`127.0.0.1:1/${'0a'.repeat(33)}`, 'a', `127.0.0.1:<port>/${'0a'.repeat(33)}`],
    ['http://[::1]:2/v1', 'a', 'http://[::1]:<port>/v1'],
    ['10.0.0.1:80 mylocalhost:1 [::2]:1', 'a', undefined],
  ],
  'exit-of-killed': [
    [137, 'exitCode', -1],
    [137, 'exitCode', undefined, wire, { engine: 'fake' }],
    [137, 'code', undefined],
    [138, 'exitCode', undefined],
  ],
  'file-birth': [
    [0, 'createdAtMs', '<millis>'],
    [1.2e12, 'createdAtMs', '<millis>'],
    [1e11, 'createdAtMs', undefined],
    [1e11 + 1, 'createdAtMs', '<millis>'],
    ['0', 'createdAtMs', undefined],
    [0, 'modifiedAtMs', undefined],
  ],
  time: [
    [1e11, 'startedAt', '<seconds>'],
    [1e11 + 1, 'startedAtMs', '<millis>'],
    [1e8, 'created_at', undefined],
    [1e8 + 1, 'created_at_ms', '<seconds>'],
    [2e9, 'create_time', '<seconds>'],
    [2e9, 'at_unix_ms', '<seconds>'],
    ['2000000000', 'startedAt', undefined],
    [2e9, 'count', undefined],
  ],
  duration: [
    [0, 'durationMs', '<duration>'],
    [599_999.5, 'duration', '<duration>'],
    [600_000, 'elapsedMs', undefined],
    [-1, 'duration_ms', undefined],
    [5, 'wallTimeMs', '<duration>'],
    [5, 'timeUsedSeconds', '<duration>'],
    ['5', 'duration', undefined],
    [5, 'durations', undefined],
  ],
  'date-in-text': [
    ['at 2026-11-23T01:02:03Z', 'a', 'at <moment>'],
    ['2026-11-23T01:02:03.456+01:00', 'a', '<moment>'],
    ['rollout-2026-11-23T01-02-03-x', 'a', 'rollout-<rollout-moment>-x'],
    ['/s/2026/11/23/r', 'a', '/s/<y>/<m>/<d>/r'],
    ['on 2026-11-23.', 'a', 'on <date>.'],
    ['1999-11-23 and 12026-11-23', 'a', undefined],
  ],
  'tool-output-time': [
    ['Chunk ID: 0a9f', 'a', 'Chunk ID: <chunk>'],
    ['x\nWall time: 0.25 seconds\ny', 'a', 'x\nWall time: <duration> seconds\ny'],
    ['Duration 3 seconds', 'a', 'Duration <duration> seconds'],
    ['{"createdAt":1795392000,"updatedAt":1795392001}', 'a', '{"createdAt":<seconds>,"updatedAt":<seconds>}'],
    ['"timeUsedSeconds":1.5,', 'a', '"timeUsedSeconds":<duration>,'],
    ['"completionBudgetReport":null}', 'a', '"completionBudgetReport":"<report>"}'],
    [String.raw`"completionBudgetReport":"a \" b"}`, 'a', '"completionBudgetReport":"<report>"}'],
    ['Process running with session ID 7', 'a', 'Process running with session ID <process>'],
    ['a Chunk ID: 0a9f', 'a', undefined],
  ],
  nickname: [
    ['{"agent_id":"1","nickname":"Gauss"}', 'a', '{"agent_id":"1","nickname":"<nickname>"}', request],
    ['{"nickname":""}', 'a', undefined, request],
    ['{"nickname":"Gauss"}', 'a', undefined],
  ],
  'started-agent': [
    ['running', 'msg/item/agentsStates/a/status', 'pendingInit', agents],
    ['done', 'msg/item/agentsStates/a/status', undefined, agents],
    ['running', 'msg/other/agentsStates/a/status', undefined, agents],
    ['running', 'msg/item/agentsStates/a/state', undefined, agents],
    ['running', 'msg/item/agentsStates/status', undefined, agents],
  ],
  'context-estimate': [
    [
      { inputTokens: 0, outputTokens: 0, totalTokens: 1499 },
      'last',
      { inputTokens: 0, outputTokens: 0, totalTokens: 1000 },
    ],
    [
      { inputTokens: 0, outputTokens: 0, totalTokens: 1500 },
      'last',
      { inputTokens: 0, outputTokens: 0, totalTokens: 2000 },
    ],
    [{ inputTokens: 0, outputTokens: 0, totalTokens: 2000 }, 'last', undefined],
    [{ inputTokens: 0, outputTokens: 0, totalTokens: 0 }, 'last', undefined],
    [{ inputTokens: 0, outputTokens: 0, totalTokens: '1499' }, 'last', undefined],
    [{ inputTokens: 1, outputTokens: 0, totalTokens: 1499 }, 'last', undefined],
    [{ inputTokens: 0, outputTokens: 1, totalTokens: 1499 }, 'last', undefined],
  ],
};

/** Rules whose own tests are elsewhere, because they read more than a value. */
const elsewhere = ['field-unknown-to-python'];

const placeOf = (at: string, line: ObservationBody): Place => ({
  key: at.split('/').at(-1),
  path: at.split('/'),
  line,
});
const ruleOf = (name: string) => {
  const rule = rules.value.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
};

test('each rule of values has a row, and no row is of another', () => {
  expect([...Object.keys(ofValues), ...elsewhere].sort()).toEqual(rules.value.map(({ name }) => name).sort());
});

const rows = Object.entries(ofValues).flatMap(([name, list]) => list.map((row): [string, Row] => [name, row]));
test.each(rows)('%s: row %#', (name, [value, at, becomes, line = wire, over = {}]) => {
  const given = structuredClone(value);
  expect(ruleOf(name).apply(given, placeOf(at, line), context(over))).toEqual(becomes);
  // What it was given is another reader's too.
  expect(given).toEqual(value);
});

/** What they replace may be of any type. */
const ofAnyType = ['host-fact', 'process-id'];
const typed = Object.keys(ofValues).filter((name) => !ofAnyType.includes(name));
test.each(typed)('%s leaves what is not of its type as it is, wherever it stands', (name) => {
  const taken = new Set(
    (ofValues[name] ?? []).flatMap(([value, , becomes]) => (becomes === undefined ? [] : [typeof value])),
  );
  for (const [, at = 'a', , line = wire] of rows.filter(([rule]) => rule === name).map(([, row]) => row))
    for (const value of ['', 'plain', 0.5, -3, true, null, [], ['a'], {}, { a: 1 }] as JsonValue[]) {
      if (taken.has(typeof value)) continue;
      expect(ruleOf(name).apply(value, placeOf(at, line), context())).toBeUndefined();
      expect(ruleOf(name).apply(value, { key: undefined, path: [], line }, context())).toBeUndefined();
    }
});

const argv = (...words: string[]): ObservationBody => ({ ch: 'argv', argv: words });
const remote = (status: string): ObservationBody => ({
  ch: 'wire.in',
  msg: { method: 'remoteControl/status/changed', params: { status } },
});
const goal = (params: object, msg: object = {}): ObservationBody => ({
  ch: 'wire.in',
  msg: { method: 'thread/goal/updated', params, ...msg } as never,
});
const active = { turnId: 't', goal: { status: 'active' } };
const event = (method: string, payload: object): ObservationBody =>
  ({ ch: 'event', lane: 'l', method, payload, known: true }) as ObservationBody;
const exit = (code: number | null, signal: string | null): ObservationBody => ({ ch: 'exit', code, signal });
const said: ObservationBody = { ch: 'mark', mark: 'a <workspace> b' };

/** Each rule of lines: `null` drops it. */
type LineRow = readonly [line: ObservationBody, becomes: object | null | undefined, over?: object];
const ofLines: Readonly<Record<string, readonly LineRow[]>> = {
  'said-words': [
    [said, { ch: 'mark', mark: String.raw`a <\workspace> b` }],
    [{ ch: 'mark', mark: 'plain' }, undefined],
    [{ ...(request as object), body: { text: '<root>' } } as unknown as ObservationBody, undefined],
  ],
  'program-path': [
    [argv('/opt/codex', 'app-server'), argv('<engine>', 'app-server')],
    [argv(), undefined],
    [{ ch: 'argv' } as ObservationBody, undefined],
    [{ ch: 'mark', mark: 'x' }, undefined],
  ],
  'schema-folder': [
    [
      argv('c', 'app-server', 'generate-json-schema', '--out', '/t/1'),
      argv('c', 'app-server', 'generate-json-schema', '--out', '<schemaFolder>'),
    ],
    [
      argv('c', 'app-server', 'generate-json-schema', '--out', '/t/1', '-v'),
      argv('c', 'app-server', 'generate-json-schema', '--out', '<schemaFolder>', '-v'),
    ],
    [argv('c', 'generate-json-schema'), undefined],
    [argv('c', 'generate-json-schema', '--out'), undefined],
    [argv('c', 'app-server', '--out', '/t/1'), undefined],
    [{ ch: 'argv' } as ObservationBody, undefined],
  ],
  'stderr-is-evidence': [
    [{ ch: 'stderr', text: 'x' }, null],
    [{ ch: 'stderr', text: 'x', run: 1 }, undefined],
    [{ ch: 'mark', mark: 'x' }, undefined],
  ],
  'held-is-judged': [
    [{ ch: 'rest', when: 'closed', held: {} } as ObservationBody, null],
    [{ ch: 'rest', processes: [], files: [] }, undefined],
    [{ ch: 'mark', mark: 'held' }, undefined],
  ],
  'sandbox-helper-notice': [
    [event('configWarning', { summary: 'no bubblewrap' }), null],
    [{ ch: 'wire.in', msg: { method: 'configWarning', params: { summary: 'no bubblewrap' } } }, null],
    [{ ch: 'wire.in', msg: { method: 'configWarning', params: { summary: 'other' } } }, undefined],
    [{ ch: 'wire.in', msg: { method: 'warning', params: { summary: 'bubblewrap' } } }, undefined],
    [{ ch: 'wire.out', msg: { method: 'configWarning', params: { summary: 'bubblewrap' } } }, undefined],
    [event('configWarning', {}), undefined],
  ],
  'remote-control-attempt': [
    [remote('connecting'), null],
    [remote('errored'), null],
    [remote('connected'), undefined],
    [event('remoteControl/status/changed', { status: 'errored' }), null],
    [event('other', { status: 'errored' }), undefined],
    [{ ch: 'wire.in', msg: 'remoteControl/status/changed' }, undefined],
    [{ ch: 'wire.out', msg: { method: 'remoteControl/status/changed', params: { status: 'errored' } } }, undefined],
  ],
  'goal-accounts': [
    [goal(active), null],
    [goal(active), undefined, { engine: 'fake' }],
    [goal({ goal: { status: 'active' } }), undefined],
    [goal({ turnId: 't', goal: { status: 'complete' } }), undefined],
    [goal({ turnId: 't', goal: null }), undefined],
    [goal(active, { method: 'thread/goal/cleared' }), undefined],
    [{ ch: 'wire.in', msg: 'x' }, undefined],
    [{ ...goal(active), ch: 'wire.out' } as ObservationBody, undefined],
  ],
  'exit-after-close': [
    ...(
      [
        [0, null],
        [143, null],
        [null, 'SIGTERM'],
        [0, 'SIGTERM'],
      ] as const
    ).map(([code, signal]) => [exit(code, signal), { ch: 'exit', code: '<closed>', signal: null }] as const),
    [exit(1, null), undefined],
    [exit(0, 'SIGKILL'), undefined],
    [{ ...exit(0, null), run: 1 } as ObservationBody, undefined],
    [{ ch: 'mark', mark: 'x' }, undefined],
  ],
};
const linesElsewhere = ['error-idiom', 'setting-names'];

test('each rule of lines has a row, and no row is of another', () => {
  expect([...Object.keys(ofLines), ...linesElsewhere].sort()).toEqual(rules.line.map(({ name }) => name).sort());
});

const lineRows = Object.entries(ofLines).flatMap(([name, list]) => list.map((row): [string, LineRow] => [name, row]));
test.each(lineRows)('%s: the line %j', (name, [line, becomes, over = {}]) => {
  const given = structuredClone(line);
  expect(rules.line.find((one) => one.name === name)?.apply(given, context(over))).toEqual(becomes);
  expect(given).toEqual(line);
});
