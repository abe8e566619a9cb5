import type { ReplayOptions } from '../cli/options.ts';
import { type JsonValue, readJson } from '../exact-json.ts';
import { unexpected } from '../fake-error.ts';
import type { Channel } from '../wire/channel.ts';
import type { WireLine } from '../wire/line-reader.ts';
import { LineWriter } from '../wire/line-writer.ts';
import type { WireLog } from '../wire/wire-log.ts';
import { Bindings } from './bindings.ts';
import type { Closing } from './closing.ts';
import { controlAt, noControl } from './control.ts';
import { cuesOfStarts } from './cues.ts';
import { type Facts, Filler } from './fill.ts';
import { readGolden } from './golden.ts';
import type { Miss } from './miss.ts';
import { type Exit, Player } from './player.ts';

/**
 * Stands in for one app-server of a golden on a channel, until the golden and the client are done.
 * @param start which app-server of the golden, from 0
 * @throws FakeError if there is no such golden, it is broken, or the control server is gone
 */
export async function replay(
  options: ReplayOptions,
  start: number,
  log: WireLog,
  closing: Closing,
  channel: Channel,
): Promise<Exit> {
  if (options.golden === undefined) {
    throw unexpected('playing app-server', '--replay-options FILE whose JSON has a golden or a script', 'neither');
  }
  const golden = readGolden(options.golden);
  const starts = cuesOfStarts(golden);
  const bindings = new Bindings(golden, options.seed, options.moment);
  const facts: Facts = {
    paths: options.paths,
    engineVersion: options.engineVersion,
    moment: options.moment,
    port: options.control === undefined ? '1' : new URL(options.control).port,
    clientName: 'unknown',
    clientTitle: 'Unknown',
    clientVersion: '0.0.0',
    processId: '4242',
  };
  const onMiss = ({ text, ...rest }: Miss) => log.write('mark', { mark: 'replay miss', detail: { text, ...rest } });
  if (starts.length <= start) {
    onMiss({ text: `the client starts the engine ${start + 1} times; the golden does so ${starts.length} times` });
  }
  const writer = new LineWriter(channel.output, (text) => log.write('in', { text }));
  const player = new Player({
    cues: starts[start] ?? [],
    bindings,
    filler: new Filler(bindings, facts),
    facts,
    writer,
    control: options.control === undefined ? noControl : controlAt(options.control),
    closing,
    onMiss,
    onDifference: (difference) => log.write('replay', difference),
  });

  channel.read(
    (line, readAt) => {
      log.write('out', { ...line }, readAt);
      player.hear(...parsed(line));
    },
    () => closing.begin(null),
  );

  const exit = await player.play();
  await Promise.race([writer.flushed(), closing.over]);
  return exit;
}

/** A line without its newline was never a message, even if its text is complete. */
function parsed(line: WireLine): [message: JsonValue, raw: boolean] {
  if ('base64' in line) return [`base64:${line.base64}`, true];
  if (line.partial) return [line.text, true];
  try {
    return [readJson(line.text) as JsonValue, false];
  } catch {
    return [line.text, true];
  }
}
