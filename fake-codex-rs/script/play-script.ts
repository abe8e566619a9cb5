import { closeSync } from 'node:fs';
import type { ReplayOptions } from '../face/options.ts';
import { isObject, type JsonValue } from '../json.ts';
import type { Closing } from '../replay/closing.ts';
import { controlAt, noControl } from '../replay/control.ts';
import type { Exit } from '../replay/player.ts';
import { pinnedContract } from '../template/contract.ts';
import { LineReader, type WireLine } from '../wire/line-reader.ts';
import { now, type WireLog } from '../wire/wire-log.ts';
import { Conversation } from './conversation.ts';
import { FaultWriter } from './fault-writer.ts';
import { type Process, ScriptPlayer } from './script-player.ts';
import { readScript } from './steps.ts';

/** What is logged of one writing to stderr: enough to tell it by. */
const mostLogged = 4096;

/**
 * Stands in for the engine's nth app-server (from 0) by a script, on stdin and stdout, until the script and the client are done.
 * @throws FakeError when a step is not as it should be, or the control server is gone.
 */
export async function playScript(
  script: readonly JsonValue[],
  options: ReplayOptions,
  start: number,
  log: WireLog,
  closing: Closing,
): Promise<Exit> {
  const starts = readScript(script);
  const onMiss = ({ text, ...rest }: { text: string }) =>
    log.write('mark', { mark: 'script miss', detail: { text, ...rest } });
  if (starts.length <= start) {
    onMiss({ text: `the client starts the engine ${start + 1} times; the script does so ${starts.length} times` });
  }
  const { paths, engineVersion, moment } = options;
  const writer = new FaultWriter(process.stdout, log);
  const player = new ScriptPlayer({
    script: starts[start] ?? { steps: [], auto: new Set(), deafToHandshake: false },
    conversation: new Conversation(pinnedContract(), {
      workspace: paths.workspace ?? '/',
      codexHome: paths.codexHome ?? '/',
      engineVersion,
      moment,
    }),
    writer,
    control: options.control === undefined ? noControl : controlAt(options.control),
    closing,
    process: thisProcess(log),
    onMiss,
  });
  let readAt = now();
  const reader = new LineReader((line) => {
    log.write('out', { ...line }, readAt);
    player.hear(parsed(line));
  });
  process.stdin.on('data', (chunk: Buffer) => {
    readAt = now();
    reader.push(chunk);
  });
  process.stdin.once('end', () => {
    reader.end();
    closing.begin(null);
  });
  process.stdin.on('error', () => closing.begin(null));
  // An engine whose input is closed or not read lives on.
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    const exit = await player.play();
    await Promise.race([writer.write(Buffer.alloc(0), { wrong: false, chunks: [] }), closing.over]);
    return exit;
  } finally {
    clearInterval(alive);
    writer.end();
  }
}

function thisProcess(log: WireLog): Process {
  process.stderr.on('error', () => {});
  return {
    async stderr(bytes) {
      log.write('stderr', { text: bytes.subarray(0, mostLogged).toString('utf8') });
      await new Promise<void>((resolve) => process.stderr.write(bytes, () => resolve()));
    },
    closeStdin() {
      process.stdin.removeAllListeners('end');
      process.stdin.destroy();
      // Node leaves the descriptors of standard streams open, so that a client would go on writing.
      closeSync(0);
    },
    async closeStdout() {
      await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      closeSync(1);
    },
    setReading(on) {
      if (on) process.stdin.resume();
      else process.stdin.pause();
    },
  };
}

function parsed(line: WireLine): JsonValue | undefined {
  if ('base64' in line || line.partial) return undefined;
  try {
    const value = JSON.parse(line.text) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
