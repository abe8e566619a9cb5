// A tiny engine for the drivers' tests: what it does in a turn is the turn's text.
// `hello` completes; `hold` streams and stays until interrupted; `die` ends the process. It never answers `model/list`.
import { createInterface } from 'node:readline';

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const notify = (method, params) => send({ method, params: { threadId: 'thread-1', ...params } });
const complete = (status) => notify('turn/completed', { turn: { id: 'turn-1', items: [], status } });
const thread = {
  cliVersion: '0.163.0',
  createdAt: 1,
  cwd: '/w',
  ephemeral: false,
  id: 'thread-1',
  modelProvider: 'p',
  preview: '',
  sessionId: 'thread-1',
  source: 'appServer',
  status: { type: 'idle' },
  turns: [],
  updatedAt: 1,
};
const started = {
  thread,
  approvalPolicy: 'never',
  approvalsReviewer: 'user',
  cwd: '/w',
  model: 'm',
  modelProvider: 'p',
  sandbox: { type: 'readOnly' },
};

function play(text) {
  notify('turn/started', { turn: { id: 'turn-1', items: [], status: 'inProgress' } });
  for (const delta of ['Hel', 'lo']) notify('item/agentMessage/delta', { delta, itemId: 'item-1', turnId: 'turn-1' });
  if (text === 'die') process.exit(9);
  if (text !== 'hello') return;
  notify('item/unheardOf', { turnId: 'turn-1', detail: { n: 1 } });
  const item = { id: 'item-1', text: 'Hello', type: 'agentMessage' };
  notify('item/completed', { completedAtMs: 1, item, turnId: 'turn-1' });
  complete('completed');
}

const methods = {
  initialize: () => ({ result: { userAgent: 'scripted/0.163.0 (test)' } }),
  'thread/start': () => ({ result: started }),
  'thread/read': () => ({
    error: { code: -32001, message: 'busy', data: { codexErrorInfo: 'server_overloaded' } },
  }),
  'turn/start': () => ({ result: { turn: { id: 'turn-1', items: [], status: 'inProgress' } } }),
  'turn/steer': (params) => ({ result: { turnId: params.input[0].text } }),
  'turn/interrupt': () => ({ result: {} }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const answer = methods[method]?.(params);
  if (answer) send({ id, ...answer });
  if (method === 'turn/start') play(params.input[0].text);
  if (method === 'turn/interrupt') complete('interrupted');
});
