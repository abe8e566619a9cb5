import type { ReplayOptions } from '../cli/options.ts';
import { isObject, type JsonValue, readJson } from '../exact-json.ts';
import type { Closing } from '../replay/closing.ts';
import { controlAt, noControl } from '../replay/control.ts';
import type { Exit } from '../replay/player.ts';
import { knownContract } from '../template/contract.ts';
import type { Channel } from '../wire/channel.ts';
import type { WireLine } from '../wire/line-reader.ts';
import type { WireLog } from '../wire/wire-log.ts';
import { composed } from './compose.ts';
import { Conversation } from './conversation.ts';
import { FaultWriter } from './fault-writer.ts';
import { type Process, ScriptPlayer } from './script-player.ts';
import { readScript } from './steps.ts';

/** How much of one write to stderr is logged: enough to recognise it. */
const mostLogged = 4096;

/**
 * Stands in for the engine's nth app-server (from 0), playing a script on a channel until the script and the client are
 * done.
 * @throws FakeError if a step is invalid, or the control server is gone
 */
export async function playScript(
  script: readonly JsonValue[],
  options: ReplayOptions,
  start: number,
  log: WireLog,
  closing: Closing,
  channel: Channel,
): Promise<Exit> {
  const starts = readScript(script);
  const onMiss = ({ text, ...rest }: { text: string }) =>
    log.write('mark', { mark: 'script miss', detail: { text, ...rest } });
  if (starts.length <= start) {
    onMiss({ text: `the client starts the engine ${start + 1} times; the script does so ${starts.length} times` });
  }
  const { paths, engineVersion, moment } = options;
  const writer = new FaultWriter(channel.output, log);
  const conversation = new Conversation(knownContract(engineVersion), {
    workspace: paths.workspace ?? '/',
    codexHome: paths.codexHome ?? '/',
    engineVersion,
    moment,
  });
  const player = new ScriptPlayer({
    script: starts[start] ?? { steps: [], auto: new Set(), deafToHandshake: false },
    speaker: {
      heard: (message) => conversation.heard(message),
      compose: (step, names, nextId) => composed(step, conversation, names, nextId),
      result: (bound, given) => conversation.result(bound, given),
    },
    writer,
    control: options.control === undefined ? noControl : controlAt(options.control),
    closing,
    process: thisProcess(channel, log),
    onMiss,
  });
  channel.read(
    (line, readAt) => {
      log.write('out', { ...line }, readAt);
      player.hear(parsed(line));
    },
    () => closing.begin(null),
  );
  // An engine whose input is closed or not read keeps running.
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

/** What a step does to this process. */
export function thisProcess(channel: Channel, log: WireLog): Process {
  process.stderr.on('error', () => {});
  return {
    async stderr(bytes) {
      log.write('stderr', { text: bytes.subarray(0, mostLogged).toString('utf8') });
      await new Promise<void>((resolve) => process.stderr.write(bytes, () => resolve()));
    },
    closeStdin: () => channel.closeInput(),
    closeStdout: () => channel.closeOutput(),
    setReading: (on) => channel.setReading(on),
  };
}

function parsed(line: WireLine): JsonValue | undefined {
  if ('base64' in line || line.partial) return undefined;
  try {
    const value = readJson(line.text) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
