// A tiny engine for process tests. It is loaded into Node by `NODE_OPTIONS=--import`, so that any platform can start it as
// one executable, Node's own. EXEC_SCRIPT holds its actions, as JSON; see `child-engine.ts`.
import { spawn } from 'node:child_process';
import { closeSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const write = (stream, bytes) => new Promise((resolve) => stream.write(bytes, resolve));
const say = (event) => write(process.stdout, `${typeof event === 'string' ? event : JSON.stringify(event)}\n`);
const { argv, pid } = process;

let stdin = '';
async function readStdin() {
  for await (const chunk of process.stdin) stdin += chunk;
}

/** Says, as an event, all that the engine was given. */
function report() {
  const args = argv.slice(2);
  const at = args.indexOf('--output-schema');
  const schema = at < 0 ? null : { path: args[at + 1], text: readFileSync(args[at + 1], 'utf8') };
  const { NODE_OPTIONS, EXEC_SCRIPT, ...env } = process.env;
  return say({ type: 'report', pid, args: [argv[1].replace(/.*[\\/]/, ''), ...args], env, stdin, schema });
}

const never = () => new Promise(() => setInterval(() => {}, 1000));

for (const action of JSON.parse(process.env.EXEC_SCRIPT ?? '[]')) {
  if ('say' in action) await say(action.say);
  if ('raw' in action) await write(process.stdout, action.raw.repeat(action.times ?? 1));
  if ('base64' in action) await write(process.stdout, Buffer.from(action.base64, 'base64'));
  if ('stderr' in action) await write(process.stderr, action.stderr.repeat(action.times ?? 1));
  if (action.readStdin) await readStdin();
  if (action.report) await report();
  if (action.mark) writeFileSync(action.mark, '');
  if (action.closeStdin) closeSync(0);
  if (action.onSigint) {
    process.on('SIGINT', () => {
      for (const until = Date.now() + (action.worksMs ?? 0); Date.now() < until; );
      writeFileSync(action.onSigint, '');
      process.exit(1);
    });
  }
  if (action.ignoreSignals) for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  if (action.grandchild) {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await say({ type: 'grandchild', pid: child.pid });
    child.unref();
  }
  if ('connect' in action) await new Promise((resolve) => connect(action.connect, '127.0.0.1', resolve));
  if (action.hang) await never();
  if (action.kill) {
    process.kill(pid, action.kill);
    await never();
  }
  if ('exit' in action) process.exit(action.exit);
}
process.exit(0);
