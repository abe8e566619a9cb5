import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import type { ObservationBody } from '../observation/types.ts';
import { idKey, textAt } from './wire-facts.ts';

/** What remains after the engine's own races have been settled. */
export interface Settled {
  /** Indices of the remaining lines, in the order in which they are compared. */
  order: readonly number[];
  /** How often each rule affected a line. */
  fired: Readonly<Record<string, number>>;
}

/** Removes from an observation what differs from run to run because of the engine, whatever the client does. */
export function settleRaces(lines: readonly ObservationBody[]): Settled {
  const unloads = lateUnloads(lines);
  const usage = usageOfInterrupted(lines);
  const output = outputOfToolCommands(lines);
  const answers = lateAnswers(lines);
  const order = lines.flatMap((_, index) => {
    if ([unloads, usage, output, answers].some((found) => found.has(index))) return [];
    return [...[...answers].flatMap(([answer, begun]) => (begun === index ? [answer] : [])), index];
  });
  const counts = {
    'late-unload': unloads.size,
    'usage-of-interrupted': usage.size,
    'output-of-tool-command': output.size,
    'late-answer': answers.size,
  };
  return { order, fired: Object.fromEntries(Object.entries(counts).filter(([, times]) => times > 0)) };
}

/** The methods with which a client requests an unload. */
const unloading: readonly unknown[] = ['thread/archive', 'thread/delete', 'thread/unsubscribe'];

/**
 * The lines to leave out. Occasionally the engine reports twice that an archived thread was unloaded: at the request,
 * and again when its own task for the thread has ended, at once or after the thread was resumed (2 runs in about 60).
 * What was requested again is reported again, and stays.
 */
export function lateUnloads(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const resumed = new Set<string>();
  /** Where it was reported → after how many of the client's messages, the last time. */
  const unloaded = new Map<string, number>();
  const late = new Set<number>();
  let asked = 0;
  const placesOf = (thread: string | undefined) => [...unloaded.keys()].filter((place) => place.endsWith(` ${thread}`));
  lines.forEach((line, index) => {
    if (line.ch === 'wire.out' && isObject(line.msg)) {
      asked += 1;
      const thread = textAt(line.msg.params, 'threadId');
      if (line.msg.method === 'thread/resume') for (const place of placesOf(thread)) resumed.add(place);
      if (unloading.includes(line.msg.method)) for (const place of placesOf(thread)) resumed.delete(place);
    }
    const place = unloadOf(line);
    if (place === undefined) return;
    // A second time, although the client has requested nothing in between: there is nothing it could refer to.
    if (resumed.has(place) || unloaded.get(place) === asked) late.add(index);
    unloaded.set(place, asked);
  });
  return late;
}

/** Where an unload was reported, on the wire or to which stream, and for which thread. */
function unloadOf(line: ObservationBody): string | undefined {
  if (line.ch !== 'wire.in' && line.ch !== 'event') return undefined;
  const said = line.ch === 'event' ? { method: line.method, params: line.payload } : line.msg;
  if (!isObject(said) || said.method !== 'thread/status/changed') return undefined;
  if (textAt(said.params, 'status', 'type') !== 'notLoaded') return undefined;
  return `${line.ch === 'event' ? line.lane : ''} ${textAt(said.params, 'threadId')}`;
}

/**
 * The lines to leave out. Whether the usage of an interrupted turn and the account's limits are reported depends on
 * which comes first, the interrupt or the end of the model's stream (1 run in about 20 on a loaded machine). The same
 * holds for a turn that ends because an approval was cancelled (1 run in 9). What the client makes of the usage shows in
 * its result.
 */
function usageOfInterrupted(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const ended = endedByClient(lines);
  // Not turns that nobody asked to end, nor those that were over before they were asked to.
  const asked = new Set<string>();
  const interrupted = new Set<string>();
  lines.forEach((line, index) => {
    asked.add(ended.get(index) ?? '');
    const completed = paramsOf(line, 'turn/completed');
    const turn = textAt(completed, 'turn', 'id') ?? '';
    if (asked.has(turn) && textAt(completed, 'turn', 'status') === 'interrupted') interrupted.add(turn);
  });
  const found = new Set<number>();
  if (interrupted.size === 0) return found;
  let interrupting = false;
  lines.forEach((line, index) => {
    if (ended.has(index)) interrupting = true;
    if (paramsOf(line, 'turn/started') !== undefined) interrupting = false;
    const usage = paramsOf(line, 'thread/tokenUsage/updated');
    if (usage !== undefined && interrupted.has(textAt(usage, 'turnId') ?? '')) found.add(index);
    if (interrupting && paramsOf(line, 'account/rateLimits/updated') !== undefined) found.add(index);
  });
  return found;
}

/** The client's messages that end a turn, and which: an interrupt names it, a cancelled approval was asked for in it. */
function endedByClient(lines: readonly ObservationBody[]): ReadonlyMap<number, string> {
  const approvals = new Map<string, string>();
  const ended = new Map<number, string>();
  lines.forEach((line, index) => {
    if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(line.msg)) return;
    const { id, method, params, result } = line.msg;
    const turn = textAt(params, 'turnId');
    if (line.ch === 'wire.in') {
      if (method !== undefined && id !== undefined && turn !== undefined) approvals.set(idKey(id), turn);
      return;
    }
    if (method === 'turn/interrupt') ended.set(index, turn ?? '');
    const approval = approvals.get(idKey(id));
    if (method === undefined && approval !== undefined && textAt(result, 'decision') === 'cancel')
      ended.set(index, approval);
  });
  return ended;
}

/** The payload of the engine's message, on the wire or as an event. */
function paramsOf(line: ObservationBody, method: string) {
  if (line.ch === 'event') return line.method === method ? line.payload : undefined;
  if (line.ch !== 'wire.in' || !isObject(line.msg) || line.msg.method !== method) return undefined;
  return line.msg.params;
}

const output = 'item/commandExecution/outputDelta';

/**
 * Output of commands that the model runs, as it arrives. The engine looks for it from time to time and reports none for
 * a command that has already ended, so it depends on how busy the machine is. The item has the complete output. A
 * command of the user's own (`userShell`) always reports all of its output.
 */
function outputOfToolCommands(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const commands = new Set<string>();
  const found = new Set<number>();
  lines.forEach((line, index) => {
    const [method, params] =
      line.ch === 'event'
        ? [line.method, line.payload]
        : line.ch === 'wire.in' && isObject(line.msg)
          ? [line.msg.method, line.msg.params]
          : [];
    if (method === 'item/started' && textAt(params, 'item', 'source') === 'unifiedExecStartup') {
      const id = textAt(params, 'item', 'id');
      if (id !== undefined) commands.add(id);
    }
    if (method === output && commands.has(textAt(params, 'itemId') ?? '')) found.add(index);
  });
  return found;
}

/** What the engine reports of a request that it has accepted: of a start, its turn; of a steer, the text in that turn. */
const announcements: Readonly<Record<string, (said: JsonObject, result: JsonValue) => boolean>> = {
  'turn/start': beginsTurn,
  'thread/queue/start': beginsTurn,
  'turn/steer': ({ method, params }, result) =>
    method === 'item/started' &&
    textAt(params, 'item', 'type') === 'userMessage' &&
    textAt(params, 'turnId') === textAt(result, 'turnId'),
};

function beginsTurn({ method, params }: JsonObject, result: JsonValue): boolean {
  return method === 'turn/started' && textAt(params, 'turn', 'id') === textAt(result, 'turn', 'id');
}

/**
 * Where each answer belongs that arrived after what it announces: index of the answer → index of the line that it
 * precedes. The engine answers first, but from another task: on a loaded machine, a short turn is over before its
 * answer is written (1 cell in about 3,000). A start that was requested after its turn had begun has joined it, so its
 * answer is not late.
 */
function lateAnswers(lines: readonly ObservationBody[]): ReadonlyMap<number, number> {
  const asked = new Map<string, { index: number; announces: (said: JsonObject, result: JsonValue) => boolean }>();
  const late = new Map<number, number>();
  lines.forEach((line, index) => {
    if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(line.msg)) return;
    const { id, method, result } = line.msg;
    const announces = typeof method === 'string' ? announcements[method] : undefined;
    if (line.ch === 'wire.out' && announces !== undefined) asked.set(idKey(id), { index, announces });
    const request = asked.get(idKey(id));
    if (line.ch === 'wire.out' || method !== undefined || request === undefined) return;
    asked.delete(idKey(id));
    if (!isObject(result)) return;
    for (let at = request.index; at < index; at += 1) {
      const said = lines[at];
      if (said?.ch !== 'wire.in' || !isObject(said.msg) || !request.announces(said.msg, result)) continue;
      late.set(index, at);
      return;
    }
  });
  return late;
}
