import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import type { NormalisedLine } from '../../normalise/types.ts';
import { matchesPayload } from '../../scenario/match-payload.ts';
import type { Step } from '../../scenario/types.ts';

/** What must come before what among the moves of a recording. */
export interface Causality {
  /** The moves in recorded order, each the position of its line in the golden. */
  moves: readonly number[];
  /** For each move, the moves (as positions in `moves`) that must come before it. */
  after: readonly ReadonlySet<number>[];
}

type Kind = 'engine' | 'client' | 'release';

interface Move {
  kind: Kind;
  /** Position of the line in the golden. */
  at: number;
  line: NormalisedLine;
  lane: string;
  thread: string | undefined;
  turn: string | undefined;
}

/**
 * What causes what in a recording, so that every order that keeps it could have come about.
 *
 * - The client's lines keep their order: they are the scenario's. So do the latches that it releases, among them.
 * - An answer comes after its request, and is bound to nothing else that the engine says.
 * - Notifications and requests of the engine keep the order of their lane (`lanes.ts`): one for each thread, one for each method that floats.
 * - They come after everything that the client had sent about their thread by then, or about no thread, and after every latch that had been released: any of
 *   it may have caused them. Later they may come as late as nobody waits for them.
 * - Nothing of a turn comes after its end.
 * - The client's line comes after what a step before it has waited for: the answers to a call, the turn that a result is of, the event that is awaited.
 */
export function causalityOf(lines: readonly NormalisedLine[], steps: readonly Step[]): Causality {
  const moves = lines.flatMap((line, at) => moveOf(line, at));
  const place = new Map(moves.map(({ at }, index) => [at, index]));
  const after = moves.map(() => new Set<number>());
  const order = (first: number | undefined, then: number | undefined) => {
    if (first !== undefined && then !== undefined && first !== then) after[then]?.add(first);
  };
  inLanes(moves, order);
  fromCauses(moves, order);
  fromAnswers(moves, order);
  for (const { needs, from } of waitedFor(lines, steps)) {
    const then = moves.findIndex(
      ({ kind, at }) => kind !== 'engine' && at > from && !isReply(lines[at] as NormalisedLine),
    );
    // The client's own lines keep their order, so the first one stands for all.
    if (then >= 0) for (const need of needs) order(place.get(need), then);
  }
  return { moves: moves.map(({ at }) => at), after: withoutCycles(moves, after) };
}

/** Whether the order keeps what causes what. */
export function isPossible({ after }: Causality, order: readonly number[]): boolean {
  const seen = new Set<number>();
  for (const move of order) {
    for (const first of after[move] as ReadonlySet<number>) if (!seen.has(first)) return false;
    seen.add(move);
  }
  return true;
}

function moveOf(line: NormalisedLine, at: number): Move[] {
  const msg = isObject(line.body.msg) ? line.body.msg : {};
  const params = isObject(msg.params) ? msg.params : {};
  const thread = textOf(params.threadId) ?? threadOfLane(line.lane);
  const move = { at, line, lane: line.lane, thread, turn: turnOf(params) };
  // Every script plays the greeting by itself.
  if (greeting.has(line.key)) return [];
  switch (line.ch) {
    case 'wire.in':
      return [{ ...move, kind: 'engine', ...(msg.method === undefined && { lane: `answer ${String(msg.id)}` }) }];
    case 'wire.out':
      return [{ ...move, kind: 'client' }];
    case 'model.request':
      return [{ ...move, kind: 'engine', lane: 'model' }];
    case 'mark':
      return line.key.startsWith('released ') ? [{ ...move, kind: 'release' }] : [];
    default:
      return [];
  }
}

const greeting: ReadonlySet<string> = new Set(['initialize', 'answer initialize', 'initialized']);

type Order = (first: number | undefined, then: number | undefined) => void;

function inLanes(moves: readonly Move[], order: Order): void {
  const last = new Map<string, number>();
  const ended = new Map<string, number>();
  for (const [index, { kind, lane, line }] of moves.entries()) {
    // A reply follows the request, not the calls.
    const own = kind === 'engine' ? lane : isReply(line) ? 'replies' : 'client';
    order(last.get(own), index);
    last.set(own, index);
    if (line.key === 'turn/completed' && kind === 'engine') ended.set(turnKey(moves[index] as Move), index);
  }
  // What floats, too: a result has what had come by the end of the turn.
  for (const [index, move] of moves.entries()) {
    const end = move.kind === 'engine' && move.turn !== undefined ? ended.get(turnKey(move)) : undefined;
    if (end !== undefined && end > index) order(index, end);
  }
}

function fromCauses(moves: readonly Move[], order: Order): void {
  const requests = new Map<string, number>();
  const asked = new Map<string, number>();
  const sent: number[] = [];
  const released: number[] = [];
  for (const [index, { kind, line, thread }] of moves.entries()) {
    const { id, method } = message(line);
    if (kind === 'release') {
      released.push(index);
      continue;
    }
    if (kind === 'client') {
      if (isReply(line)) order(asked.get(String(id)), index);
      else if (id !== undefined) requests.set(String(id), index);
      sent.push(index);
      continue;
    }
    if (line.ch === 'wire.in' && method === undefined) {
      order(requests.get(String(id)), index);
      continue;
    }
    if (id !== undefined) asked.set(String(id), index);
    for (const one of sent) {
      const about = (moves[one] as Move).thread;
      if (thread === undefined || about === undefined || about === thread) order(one, index);
    }
    for (const one of released) order(one, index);
  }
}

/** A call of several requests sends the next once the one before is answered; and one that works on a goal goes by what the engine says of it. */
function fromAnswers(moves: readonly Move[], order: Order): void {
  const threads = new Map<string, string | undefined>();
  const goals = new Set(moves.flatMap(({ line, thread }) => (line.key.startsWith('thread/goal/') ? [thread] : [])));
  for (const [index, { kind, line, thread }] of moves.entries()) {
    const { id, method } = message(line);
    if (kind !== 'client' || method === undefined) continue;
    threads.set(String(id), thread);
    for (const [before, one] of moves.slice(0, index).entries()) {
      if (one.kind !== 'engine') continue;
      const isAnswer = one.line.ch === 'wire.in' && message(one.line).method === undefined;
      const of = isAnswer ? threads.get(String(message(one.line).id)) : one.thread;
      if (of === thread && (isAnswer || goals.has(thread))) order(before, index);
    }
  }
}

/** What a step has waited for, and from which line of the golden on the client could go on. */
interface Wait {
  needs: readonly number[];
  from: number;
}

function waitedFor(lines: readonly NormalisedLine[], steps: readonly Step[]): Wait[] {
  const waits: Wait[] = [];
  for (const [at, { ch, body }] of lines.entries())
    if (completions.has(ch) && isWaitedFor(String(body.lane), ch, steps))
      waits.push({ needs: neededBy(lines, at), from: at });
  let from = 0;
  for (const step of steps) {
    const found = awaitedLine(lines, step);
    if (found === undefined) continue;
    from = Math.max(from, found);
    waits.push({ needs: [found], from });
  }
  return waits;
}

const completions: ReadonlySet<string> = new Set(['result', 'error', 'end', 'event']);

/** What a call could not have ended without: the answers to what it has asked, and the turn that its result is of. */
function neededBy(lines: readonly NormalisedLine[], at: number): number[] {
  const { ch, key, body } = lines[at] as NormalisedLine;
  const before = lines.slice(0, at).flatMap((line, index) => (isEngine(line) ? [index] : []));
  // An error or a single event may have come of anything.
  if (ch === 'error' || ch === 'event') return before;
  const begun = lines.findLastIndex(
    (line, index) => index < at && line.ch === 'call' && line.key === key && line.body.lane === body.lane,
  );
  const asked = new Set(
    lines.slice(Math.max(begun, 0), at).flatMap((line) => (line.ch === 'wire.out' ? [String(message(line).id)] : [])),
  );
  const value = isObject(body.value) ? body.value : {};
  return before.filter((index) => {
    const line = lines[index] as NormalisedLine;
    const { id, method, params } = message(line);
    if (method === undefined) return asked.has(String(id));
    const turn = isObject(params) ? turnOf(params) : undefined;
    if (ch === 'end') return line.key === 'turn/completed';
    return (
      turn !== undefined &&
      turn === value.id &&
      (value.$type === 'TurnResult' || (value.$type === 'GoalHandle' && line.key === 'turn/started'))
    );
  });
}

/** Whether a step waits for what happens on a lane. */
const isWaitedFor = (lane: string, ch: string, steps: readonly Step[]): boolean =>
  steps.some((step) => {
    const isNext = 'next' in step && lane === 'main';
    if (ch === 'event') return isNext;
    if ('call' in step) return (step.as ?? 'main') === lane;
    if ('join' in step) return step.join === lane;
    if ('cancel' in step) return step.cancel === lane;
    return isNext || ('close' in step && lane === 'main');
  });

/** The line of the engine that a step waits for. */
function awaitedLine(lines: readonly NormalisedLine[], step: Step): number | undefined {
  if ('await-model' in step) return nth(lines, step['await-model'], ({ ch }) => ch === 'model.request');
  const isIn = ({ ch }: NormalisedLine) => ch === 'wire.in';
  if ('await-wire' in step)
    return nth(lines, step.times ?? 1, (line) => isIn(line) && isLike(line, step['await-wire'], step.match ?? {}));
  if ('await' in step) {
    const { method, ...match } = step.match;
    return nth(lines, step.times ?? 1, (line) => isIn(line) && isLike(line, method, match));
  }
  return undefined;
}

const isEngine = ({ ch }: NormalisedLine): boolean => ch === 'wire.in' || ch === 'model.request';

const isLike = (line: NormalisedLine, method: JsonValue | undefined, match: JsonObject): boolean => {
  const msg = message(line);
  return (method === undefined ? msg.method !== undefined : msg.method === method) && matchesPayload(msg.params, match);
};

function nth(lines: readonly NormalisedLine[], n: number, test: (line: NormalisedLine) => boolean): number | undefined {
  let left = n;
  const found = lines.findIndex((line) => test(line) && --left === 0);
  return found < 0 ? undefined : found;
}

/** Drops what would have a line come before itself: the recorded order is always possible. */
function withoutCycles(moves: readonly Move[], after: readonly Set<number>[]): Set<number>[] {
  return moves.map((_, index) => new Set([...(after[index] as Set<number>)].filter((first) => first < index)));
}

const message = ({ body }: NormalisedLine): JsonObject => (isObject(body.msg) ? body.msg : {});
const isReply = (line: NormalisedLine): boolean => line.ch === 'wire.out' && message(line).method === undefined;
const textOf = (value: JsonValue | undefined) => (typeof value === 'string' ? value : undefined);
const threadOfLane = (lane: string) => /^(?:in|out|model)\/(<thread:[^>]+>)/.exec(lane)?.[1];
const turnOf = (params: JsonObject) =>
  textOf(params.turnId) ?? (isObject(params.turn) ? textOf(params.turn.id) : undefined);
const turnKey = ({ thread, turn }: Move) => `${thread} ${turn}`;
