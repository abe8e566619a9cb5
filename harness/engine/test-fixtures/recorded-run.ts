import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { CellPaths, Observation, ObservationBody } from '../../observation/types.ts';

const paths: CellPaths = {
  root: '/run',
  workspace: '/run/workspace',
  home: '/run/home',
  codexHome: '/run/codex-home',
  tmp: '/run/tmp',
  launcher: '/run/codex',
};
const id = (n: number) => `019aa000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [one, two] = [id(1), id(2)];
const [turnOne, turnTwo] = [id(11), id(12)];
const item = id(21);
const at = 1_764_000_000_000;

const said = (msg: JsonValue): ObservationBody => ({ ch: 'wire.in', msg });
const sent = (msg: JsonValue): ObservationBody => ({ ch: 'wire.out', msg });
const notify = (method: string, params: JsonObject) => said({ method, params, emittedAtMs: at });
const ask = (n: number, method: string, params: JsonObject) => sent({ id: id(100 + n), method, params });
const answer = (n: number, result: JsonObject) => said({ id: id(100 + n), result });

const thread = (own: string): JsonObject => ({
  id: own,
  createdAt: at / 1000,
  cliVersion: '0.163.0',
  originator: 'recorder',
  path: `/run/codex-home/sessions/2025/11/24/rollout-2025-11-24T16-00-00-${own}.jsonl`,
});

/** What a recording has of every kind of value that becomes a placeholder, two threads at once, a server request, a latch and a kill. */
export const recordedRun: Observation = {
  header: {
    kind: 'observation',
    schemaVersion: 1,
    scenario: 'x/y',
    client: 'python',
    clientVersion: '1.2.3',
    engine: 'real',
    engineVersion: '0.163.0',
    engineSha256: '0',
    platform: 'linux-x64',
    paths,
  },
  lines: (
    [
      { ch: 'argv', argv: ['/run/codex', 'app-server', '--listen', 'stdio://'] },
      ask(1, 'initialize', { clientInfo: { name: 'recorder', version: '1.2.3' } }),
      answer(1, { codexHome: '/run/codex-home', userAgent: 'recorder/0.163.0 (Some OS; x) xterm (recorder; 1.2.3)' }),
      sent({ method: 'initialized' }),
      notify('remoteControl/status/changed', { installationId: id(90), serverName: 'somewhere' }),
      ask(2, 'thread/start', { cwd: '/run/workspace', label: 'one' }),
      ask(3, 'thread/start', { cwd: '/run/workspace', label: 'two' }),
      answer(2, { thread: thread(one) }),
      notify('thread/started', { thread: thread(one) }),
      answer(3, { thread: thread(two) }),
      ask(4, 'turn/start', { threadId: two, clientMessageId: id(77), input: [{ type: 'text', text: 'in /run/tmp' }] }),
      ask(5, 'turn/start', { threadId: one, input: [] }),
      answer(4, { turn: { id: turnTwo, startedAt: null } }),
      answer(5, { turn: { id: turnOne, startedAt: at / 1000 } }),
      {
        ch: 'model.request',
        n: 1,
        method: 'POST',
        path: '/v1/responses',
        headers: {},
        body: { prompt_cache_key: one },
      },
      notify('item/started', {
        threadId: one,
        turnId: turnOne,
        item: { id: item, processId: '77', url: '127.0.0.1:80' },
      }),
      notify('item/started', {
        threadId: two,
        turnId: turnTwo,
        item: { id: 'msg_1', text: `on 2025-11-24: ${id(77)}` },
      }),
      said({ id: 0, method: 'item/x/requestApproval', params: { threadId: one, turnId: turnOne, itemId: item } }),
      sent({ id: 0, result: { decision: 'accept' } }),
      notify('serverRequest/resolved', { threadId: one, requestId: 0 }),
      notify('item/completed', {
        threadId: one,
        turnId: turnOne,
        item: { id: item, durationMs: 12, refs: { [item]: 1 } },
      }),
      { ch: 'mark', mark: 'released late one' },
      notify('turn/completed', { threadId: two, turn: { id: turnTwo, completedAt: at / 1000 }, nextCursor: 'abc' }),
      ask(6, 'thread/list', { cursor: 'abc' }),
      answer(6, { data: [{ id: two }, { id: one }], nextCursor: null, at: '2025-11-24T16:00:00.000Z' }),
      { ch: 'mark', mark: 'killed SIGKILL' },
      { ch: 'exit', code: null, signal: 'SIGKILL' },
    ] satisfies ObservationBody[]
  ).map((line, index) => ({ t: index, ...line })),
};
