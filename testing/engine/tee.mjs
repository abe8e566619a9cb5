// Stands in for the engine: runs the real one with the same arguments, folder and environment, passes on every byte
// unmodified, and records what passed and when. Plain JavaScript on Node's own modules, because its start is part of
// every cell.
import { spawn } from 'node:child_process';
import { closeSync, readFileSync, rmSync } from 'node:fs';
import { devNull } from 'node:os';
import { behind, serveInFront, servePortInFront } from './tee-listen.mjs';
import { lineSplitter, now, openLog } from './tee-log.mjs';

/** @type {{ engine: string, log: string, envKeys: string[], envPattern?: string }} */
const options = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const argv = process.argv.slice(3);
// An engine that only serves another one (`codex exec --remote`) is no engine of the client's.
const log = openLog(process.env.TWINPROOF_UNOBSERVED === '1' ? devNull : options.log);
// What the launcher has kept from this process: it is the engine's all the same.
for (const [name, value] of Object.entries(process.env)) {
  if (!name.startsWith('TWINPROOF_HAND_')) continue;
  process.env[name.slice('TWINPROOF_HAND_'.length)] = value;
  delete process.env[name];
}

/** How long output may still arrive after the engine has exited: a grandchild can hold the pipe open forever. */
const drainMs = 500;
const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP'];

// Set before the spawn: from then on, the engine receives every signal that reaches this process.
for (const signal of forwarded) process.on(signal, () => engine?.kill(signal));

const schema = outputSchema();
const spawnedAt = now();
// Where it listens, and not where `exec --remote` connects to.
const listensAt = argv.includes('--listen') ? argv[argv.indexOf('--listen') + 1] : undefined;
const socket = /^unix:\/\/(.+)$/s.exec(listensAt ?? '')?.[1];
const given =
  socket === undefined ? argv : argv.map((word) => (word === `unix://${socket}` ? `unix://${behind(socket)}` : word));
// What a killed engine has left would be taken for the new one's.
if (socket !== undefined) rmSync(behind(socket), { force: true });
let engine = spawn(options.engine, given, { stdio: ['pipe', 'pipe', 'pipe'] });
const pid = engine.pid ?? null;
const env = {};
const pattern = options.envPattern === undefined ? undefined : new RegExp(options.envPattern, 'i');
for (const [key, value] of Object.entries(process.env)) {
  if (options.envKeys.includes(key) || pattern?.test(key)) env[key] = value;
}
const logStart = (t) =>
  log.write({
    t,
    ch: 'spawn',
    pid,
    tee: process.pid,
    argv: [options.engine, ...argv],
    env,
    cwd: process.cwd(),
    ...(schema !== undefined && { schema }),
  });
logStart(spawnedAt);
const logAgain = () => logStart(now());
const stopListening = socket === undefined ? undefined : serveInFront(socket, log, pid, logAgain);
// Of a port that is given, nobody but the engine can be the one who listens.
const onPort = listensAt === 'ws://127.0.0.1:0' ? servePortInFront(engine.stderr, log, pid, logAgain) : undefined;
const guardian = (argv.includes('exec') || socket !== undefined || onPort) && pid !== null ? guard(pid) : undefined;

engine.once('error', (error) => {
  if (engine.pid !== undefined) return;
  log.write({ t: now(), ch: 'exit', pid, code: 127, signal: null, error: error.message });
  process.stderr.write(`Starting the engine ${options.engine}: ${error.message}\n`, () => process.exit(127));
});

const { stdin, stdout, stderr } = engine;
pass(process.stdin, stdin, 'out');
const delivered = Promise.all([
  pass(stdout, process.stdout, 'in'),
  pass(onPort?.stderr ?? stderr, process.stderr, 'stderr'),
]);

engine.once('exit', (code, signal) => {
  engine = undefined;
  const late = setTimeout(() => leave(code, signal), drainMs);
  delivered.then(() => {
    clearTimeout(late);
    leave(code, signal);
  });
});

/** Exits the way the engine exited: with its code, or by its signal. */
function leave(code, signal) {
  stopListening?.();
  onPort?.stop();
  // Written last, so that the exit always follows the output that came before it.
  log.write({ t: now(), ch: 'exit', pid, code, signal });
  // Its engine is gone. It must not outlive this process and kill another process that has got the same number.
  guardian?.kill('SIGKILL');
  if (signal === null) process.exit(code);
  for (const name of forwarded) process.removeAllListeners(name);
  process.kill(process.pid, signal);
  // Only a signal that does not kill this process gets here. A shell would report it as 128 + n.
  setTimeout(() => process.exit(128), 1000);
}

/**
 * Kills the engine once this process is gone. A client that kills a run of `exec` (nobody can pass on SIGKILL) would
 * otherwise leave the engine behind, because its input is already closed. So would one that kills an engine that listens.
 * A server on stdio needs none of this: it exits when its input ends.
 * @param {number} target
 */
function guard(target) {
  const shell = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -9 "$0" 2>/dev/null', String(target)], {
    // Whoever waits for the end of an engine that listens waits for its kill, too.
    stdio: ['pipe', 'ignore', argv.includes('exec') ? 'ignore' : 'inherit'],
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  return shell;
}

/** The text of the `--output-schema` file, which the client removes; undefined without one. */
function outputSchema() {
  const at = argv.indexOf('--output-schema');
  if (at < 0 || argv[at + 1] === undefined) return undefined;
  try {
    return readFileSync(argv[at + 1], 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Passes on bytes with back-pressure, the end of the source, and the refusal of the target. Resolves when everything is
 * delivered.
 * @param {import('node:stream').Readable} from
 * @param {import('node:stream').Writable} to
 * @param {'out' | 'in' | 'stderr'} ch
 */
function pass(from, to, ch) {
  const lines = lineSplitter((t, line, partial) => log.write({ t, ch, pid, ...line, ...(partial ? { partial } : {}) }));
  return new Promise((resolve) => {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      lines.end();
      if (to === stdin) to.end(() => resolve());
      // Node never closes its own standard streams: the callback says that everything is written, then the descriptor
      // is closed by hand.
      else to.write('', () => resolve(closeSync(to.fd)));
    };
    from.on('data', (chunk) => {
      lines.push(now(), chunk);
      if (to.destroyed || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.once('end', end);
    from.once('error', end);
    // The target accepts nothing more (the engine has closed its stdin, or the client its end). The source must learn
    // of it as it would without the tee.
    to.on('error', () => {
      from.destroy();
      if (from === process.stdin && !ended) from.once('close', () => closeSync(0));
      end();
      resolve();
    });
  });
}
