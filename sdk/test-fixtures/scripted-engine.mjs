// A tiny engine for process tests: `node scripted-engine.mjs '{"start":[ACTION…],"METHOD":[ACTION…]}'`.
// The actions of a method are done when a request of it arrives; `initialize` answers by itself unless it is scripted.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { connect } from 'node:net';

const script = JSON.parse(process.argv[2] ?? '{}');
const write = (stream, bytes) => new Promise((resolve) => stream.write(bytes, resolve));
const send = (message) => write(process.stdout, `${JSON.stringify(message)}\n`);
let asked = 0;

async function perform(actions, request) {
  for (const action of actions) {
    if ('result' in action) await send({ id: request.id, result: action.result });
    if ('notify' in action) await send({ method: action.notify, params: action.params });
    if ('ask' in action) await send({ id: asked++, method: action.ask, params: {} });
    if ('raw' in action) await write(process.stdout, action.raw.repeat(action.times ?? 1));
    if ('base64' in action) await write(process.stdout, Buffer.from(action.base64, 'base64'));
    if ('stderr' in action) await write(process.stderr, action.stderr.repeat(action.times ?? 1));
    if ('stderrBase64' in action) await write(process.stderr, Buffer.from(action.stderrBase64, 'base64'));
    if (action.lifeline) await lifeline(action.lifeline);
    if (action.launch) await send({ id: request.id, result: launch() });
    if (action.echo) await send({ id: request.id, result: { params: request.params ?? null } });
    if (action.ignoreEnd) ignoreEnd();
    if (action.stopReading) process.stdin.pause();
    if (action.closeStdin) closeSync(0);
    if (action.closeStdout) closeSync(1);
    if (action.grandchild)
      spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'inherit', 'inherit'] });
    if (action.descendant) descendant(action.descendant);
    if ('exit' in action) process.exit(action.exit);
  }
}

function launch() {
  return { argv: process.argv.slice(3), cwd: process.cwd(), env: process.env, pid: process.pid };
}

/** A connection to the test, which sees it end when this process does, however that comes. */
function lifeline(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', resolve).on('error', reject).unref();
    socket.write(`${process.pid}\n`);
  });
}

/** Starts a process that ends only by a signal and shows itself by a lifeline: see `Descendant` in `descendants.process.test.ts`. */
function descendant({ port, name, session = false, orphan = false, cleaned = false, stubborn = false }) {
  const stays = `
    const show = () => require('node:net').connect(${port}, '127.0.0.1').on('error', () => {}).write('${name}\\n');
    const waiting = setInterval(() => {
      if (${orphan} && process.ppid === Number(process.argv.at(-1))) return;
      clearInterval(waiting);
      show();
    }, 5);
    ${stubborn ? "process.on('SIGTERM', () => {});" : ''}
    setInterval(() => {}, 1000);`;
  const options = `{ detached: ${session}, stdio: 'ignore', env: ${cleaned ? '{}' : 'process.env'} }`;
  const start = (code) =>
    `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(code)}, '${name}', String(process.pid)], ${options}).unref()`;
  const code = orphan ? `${start(stays)}; setTimeout(() => process.exit(), 200)` : stays;
  spawn(process.execPath, ['-e', code, name], { detached: session, stdio: 'ignore', env: cleaned ? {} : process.env });
}

function ignoreEnd() {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
}

process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(0);
});

await perform(script.start ?? []);
let text = '';
let work = Promise.resolve();
process.stdin.setEncoding('utf8');
process.stdin.on('error', () => {});
process.stdin.on('data', (chunk) => {
  text += chunk;
  const lines = text.split('\n');
  text = lines.pop();
  for (const line of lines) {
    const message = JSON.parse(line);
    const actions = script[message.method ?? 'answered'];
    const greeting = message.method === 'initialize' ? [{ result: { userAgent: 'scripted/1.0' } }] : [];
    work = work.then(() => perform(actions ?? greeting, message));
  }
});
