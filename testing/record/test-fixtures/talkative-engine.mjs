// A stand-in for an engine that tells everything it knows: its environment, its login, its folders.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';

const { HOME, CODEX_HOME, SERVICE_API_KEY } = process.env;
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const threadId = randomUUID();
const turnId = randomUUID();
let asked = 0;

const answers = {
  initialize: ({ clientInfo }) => ({
    userAgent: `${clientInfo.name}/9.8.7 (Some OS 1.0; x86_64) xterm (${clientInfo.name}; ${clientInfo.version})`,
    codexHome: CODEX_HOME,
    platformFamily: 'unix',
    platformOs: 'linux',
  }),
  'account/login/start': () => ({ type: 'apiKey' }),
  'account/read': () => ({
    account: { type: 'chatgpt', email: 'alice@example.invalid', planType: 'plus' },
    requiresOpenaiAuth: true,
  }),
  'thread/start': () => ({
    thread: {
      id: threadId,
      cwd: process.cwd(),
      path: `${HOME}/sessions/rollout-${threadId}.jsonl`,
    },
    model: 'm',
  }),
  'turn/start': ({ input }) => {
    queueMicrotask(() => talk(input[0].text));
    return { turn: { id: turnId, items: [], status: 'inProgress' } };
  },
};

function talk(text) {
  const event = (method, params) => say({ method, params: { threadId, turnId, ...params } });
  event('turn/started', { turn: { id: turnId, items: [], status: 'inProgress' } });
  const auth = JSON.parse(readFileSync(`${CODEX_HOME}/auth.json`, 'utf8'));
  const told = [
    `You said ${text}.`,
    `env ${SERVICE_API_KEY}`,
    `login ${auth.tokens.refresh_token} ${auth.tokens.account_id}`,
    `on ${hostname()}`,
    JSON.stringify({ file: `/srv/${process.env.WHO}/notes`, key: SERVICE_API_KEY }),
  ];
  event('item/completed', { item: { type: 'agentMessage', id: 'msg_1', text: told.join('\n'), phase: null } });
  process.stderr.write(`stderr ${SERVICE_API_KEY}\n`);
  say({
    id: asked,
    method: 'item/commandExecution/requestApproval',
    params: { threadId, turnId, itemId: 'cmd_1', command: `cat ${HOME}/x` },
  });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) {
    asked += 1;
    say({ method: 'serverRequest/resolved', params: { threadId, requestId: id } });
    const status = result.decision === 'accept' ? 'completed' : 'failed';
    say({ method: 'turn/completed', params: { threadId, turn: { id: turnId, items: [], status, error: null } } });
  } else if (id !== undefined) say({ id, result: answers[method](params) });
});
