// An app-server that says nothing but events: EVENT_COUNT of 120 bytes in all, one for each of EVENT_TURNS turns in turn, once all are started.
// With EVENT_PACE, that many a second, each with the moment it was written; else as fast as they are read.
import { createInterface } from 'node:readline';

const turns = Number(process.env.EVENT_TURNS ?? 1);
const count = Number(process.env.EVENT_COUNT ?? 400_000);
const pace = Number(process.env.EVENT_PACE ?? 0);
let started = 0;
let threads = 0;

/** With every field that the models of the Python client ask for. */
const threadOf = (id) => {
  const folder = '/w';
  const common = { model: 'm', modelProvider: 'p', cwd: folder, reasoningEffort: null };
  const times = { createdAt: 1, updatedAt: 1, recencyAt: 1 };
  const thread = {
    id,
    sessionId: id,
    preview: '',
    ephemeral: false,
    status: { type: 'idle' },
    cliVersion: '0',
    source: 'vscode',
    turns: [],
  };
  const policy = {
    approvalPolicy: 'never',
    approvalsReviewer: 'user',
    sandbox: { type: 'readOnly', networkAccess: false },
  };
  return {
    ...common,
    ...policy,
    thread: {
      ...common,
      ...times,
      ...thread,
      environments: [],
      historyMode: 'paginated',
      originator: 'b',
      canAcceptDirectInput: true,
    },
  };
};
const turnOf = (id, status) => ({ id, items: [], itemsView: 'notLoaded', rootTurnId: id, status });

const say = (message) => `${JSON.stringify(message)}\n`;
const write = (text) => new Promise((resolve) => process.stdout.write(text, resolve));

function event(turn, text) {
  const params = { threadId: `th${turn}`, turnId: `t${turn}`, itemId: 'i', delta: text };
  const message = { method: 'item/agentMessage/delta', params };
  params.delta = text.padEnd(text.length + Math.max(0, 119 - JSON.stringify(message).length), ' ');
  return say(message);
}

async function flood() {
  const lines = [];
  for (let at = 0; at < Math.max(turns, 1000); at += 1) lines.push(event(at % turns, 'x'));
  const block = lines.join('');
  let left = count;
  for (; left >= lines.length; left -= lines.length) await write(block);
  await write(lines.slice(0, left).join(''));
}

async function drip() {
  const from = performance.now();
  for (let at = 0; at < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - from) / 1000) * pace));
    let text = '';
    for (; at < due; at += 1) text += event(at % turns, String(process.hrtime.bigint()));
    if (text) await write(text);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function play() {
  await (pace > 0 ? drip() : flood());
  for (let turn = 0; turn < turns; turn += 1)
    await write(
      say({
        method: 'turn/completed',
        params: { threadId: `th${turn}`, turn: turnOf(`t${turn}`, 'completed') },
      }),
    );
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line);
  if (id === undefined) continue;
  let result = {};
  if (method === 'initialize') result = { userAgent: 'engine/0.171.0' };
  else if (method === 'thread/start') result = threadOf(`th${threads++}`);
  else if (method === 'turn/start') result = { turn: turnOf(`t${started++}`, 'inProgress') };
  await write(say({ id, result }));
  if (method === 'turn/start' && started === turns) void play();
}
