import { commandOf, isStart, outputSchemaOf, withoutKey } from './cli/logged-start.ts';
import { takeOptions } from './cli/options.ts';
import { parseArgv } from './cli/parse-argv.ts';
import { FakeError } from './fake-error.ts';
import { Closing } from './replay/closing.ts';
import type { Exit } from './replay/player.ts';
import { replay } from './replay/replay.ts';
import { playScript } from './script/play-script.ts';
import { type Channel, stdioChannel } from './wire/channel.ts';
import { earlierStarts, noLog, now, openWireLog, type WireLog } from './wire/wire-log.ts';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

const startedAt = now();
const closing = new Closing();
for (const signal of signals) process.on(signal, () => closing.begin(signal));

let log: WireLog = noLog;
let logStart: (t?: number) => void = () => {};
process.on('uncaughtException', fail);
void main();

/**
 * A function rather than module code, so that the bundle can also run many times within one process
 * (harness/proofs/mutation).
 */
async function main(): Promise<void> {
  try {
    const { options, engineArgv } = takeOptions(process.argv.slice(2));
    let start = 0;
    // An engine that only serves another one (`codex exec --remote`) is no engine of the client's.
    if (options.log !== undefined && process.env.TWINPROOF_UNOBSERVED !== '1') {
      const name = commandOf(engineArgv);
      start = earlierStarts(options.log, (argv) =>
        isStart(name) ? isStart(commandOf(argv)) : commandOf(argv) === name,
      );
      log = openWireLog(options.log);
      const env = options.envKeys.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]]));
      const argv = [options.paths.launcher ?? 'codex', ...withoutKey(engineArgv)];
      const schema = outputSchemaOf(engineArgv);
      const started = { argv, env: Object.fromEntries(env), ...(schema !== undefined && { schema }) };
      logStart = (t) => log.write('spawn', started, t);
      logStart(startedAt);
    }
    const command = parseArgv(engineArgv);
    if (command.kind === 'version') {
      const text = `codex-cli ${options.engineVersion}`;
      log.write('in', { text });
      process.stdout.write(`${text}\n`, () => leave({ code: 0, signal: null }));
    } else if (command.kind === 'side') {
      // Loaded when needed, like everything that a server does not need.
      const { playSide } = await import('./cli/play-side.ts');
      leave(await playSide(command, { options, start, log, closing }));
    } else {
      const { script } = options;
      // A thread works where its engine was started, unless it or a test says otherwise. This reveals a client that
      // starts one in the wrong place.
      const here = { ...options, paths: { ...options.paths, workspace: options.workspace ?? process.cwd() } };
      const play = (n: number, until: Closing, channel: Channel) =>
        script === undefined
          ? replay(here, start + n, log, until, channel)
          : playScript(script, here, start + n, log, until, channel);
      if (command.listen === undefined) leave(await play(0, closing, stdioChannel()));
      else {
        // Loaded when needed; otherwise it would be part of every start on stdio.
        const { listen } = await import('./cli/listen/listen.ts');
        const say = (text: string) => void process.stderr.write(text);
        leave(await listen(command.listen, { play, log, logStart: () => logStart(), closing }, say));
      }
    }
  } catch (error) {
    fail(error as Error);
  }
}

/** A fault of the fake itself is reported as such, so that nobody takes its exit for the engine's. */
function fail(error: Error): void {
  const known = error instanceof FakeError;
  const text = known ? error.message : `fake-codex-rs: ${error.stack ?? error.message}`;
  if (known && error.asEngine) log.write('stderr', { text: `${text}\n` });
  else log.write('mark', { mark: 'fake engine failed', detail: text });
  process.stderr.write(`${text}\n`, () => leave({ code: known ? error.exitCode : 70, signal: null }));
}

/** Ends this process with a code, or by a signal as the engine would. */
function leave({ code, signal }: Exit): void {
  log.write('exit', { code, signal });
  if (signal === null) process.exit(code ?? 0);
  for (const name of signals) process.removeAllListeners(name);
  process.kill(process.pid, signal);
  // Only a signal that does not kill this process gets here. A shell would report it as 128 + n.
  setTimeout(() => process.exit(128), 1000);
}
