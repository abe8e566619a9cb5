import type { Random } from '../../proofs/sample.ts';
import { type Causality, isPossible } from './causality.ts';

/** The order in which the moves of a recording come: each move once. The recorded order is 0, 1, 2, … */
export type Schedule = readonly number[];

export interface Schedules {
  schedules: Schedule[];
  /** Whether these are all that are possible. */
  all: boolean;
}

/**
 * The orders of a recording that are tried, without the recorded one: all of them, if there are no more than `most`. Otherwise first those in which one line
 * comes as early or as late as it can, then others by chance.
 */
export function schedulesOf(causality: Causality, most: number, random: Random): Schedules {
  const every = allSchedules(causality, most + 1);
  if (every !== undefined) return { schedules: every.slice(1), all: true };
  const found = new Map<string, Schedule>();
  const recorded = causality.moves.map((_, move) => move);
  const add = (schedule: Schedule) => {
    if (schedule.some((move, at) => move !== at)) found.set(schedule.join(), schedule);
  };
  for (const single of shuffled(singles(causality, recorded), random)) if (found.size < most) add(single);
  // Chance may meet one again, and there may be fewer than it seems.
  for (let tries = 0; found.size < most && tries < most * 4; tries += 1) add(byChance(causality, random));
  return { schedules: [...found.values()], all: false };
}

/** Every order, the recorded one first; undefined if there are more than `most`. */
function allSchedules(causality: Causality, most: number): Schedule[] | undefined {
  const found: Schedule[] = [];
  const taken = new Set<number>();
  const extend = (order: readonly number[]): boolean => {
    if (order.length === causality.moves.length) return found.push(order) <= most;
    for (const move of ready(causality, taken)) {
      taken.add(move);
      const goesOn = extend([...order, move]);
      taken.delete(move);
      if (!goesOn) return false;
    }
    return true;
  };
  return extend([]) ? found : undefined;
}

/** What may come next, in recorded order. */
function ready({ moves, after }: Causality, taken: ReadonlySet<number>): number[] {
  return moves.flatMap((_, move) =>
    !taken.has(move) && [...(after[move] as ReadonlySet<number>)].every((first) => taken.has(first)) ? [move] : [],
  );
}

/** One move as early and as late as it can come, with what must come before or after it. */
function singles(causality: Causality, recorded: Schedule): Schedule[] {
  const found: Schedule[] = [];
  for (const move of recorded) {
    let early = [...recorded];
    for (let at = early.indexOf(move); at > 0; at -= 1) {
      const next = swapped(early, at - 1);
      if (!isPossible(causality, next)) break;
      early = next;
    }
    let late = [...recorded];
    for (let at = late.indexOf(move); at < late.length - 1; at += 1) {
      const next = swapped(late, at);
      if (!isPossible(causality, next)) break;
      late = next;
    }
    found.push(early, late);
  }
  return found;
}

function swapped(order: readonly number[], at: number): number[] {
  const next = [...order];
  [next[at], next[at + 1]] = [next[at + 1] as number, next[at] as number];
  return next;
}

/** Some keep close to the recording, others let the first or the last ready one go far ahead. */
function byChance(causality: Causality, random: Random): Schedule {
  const taken = new Set<number>();
  const order: number[] = [];
  const keeps = random();
  while (order.length < causality.moves.length) {
    const able = ready(causality, taken);
    const move = able[random() < keeps ? 0 : Math.floor(random() * able.length)] as number;
    taken.add(move);
    order.push(move);
  }
  return order;
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const left = [...list];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other] as T, left[at] as T];
  }
  return left;
}

/** How far an order is from the recorded one: the pairs of moves that it has the other way round. */
export function distance(order: Schedule): number {
  let found = 0;
  for (const [at, move] of order.entries()) for (const other of order.slice(at + 1)) if (other < move) found += 1;
  return found;
}

/**
 * The order closest to the recorded one that still fails: first the shortest beginning of it that does, then line after line back to where it was.
 * @param fails whether an order shows the same failure
 */
export async function shrunk(
  causality: Causality,
  failing: Schedule,
  fails: (order: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let best = failing;
  const better = async (order: Schedule) => {
    if (distance(order) >= distance(best) || !isPossible(causality, order) || !(await fails(order))) return false;
    best = order;
    return true;
  };
  // A beginning of a possible order, and then the rest as it was recorded, is possible.
  for (let length = 1; length < failing.length; length += 1) {
    const begun = failing.slice(0, length);
    const rest = failing.slice(length).toSorted((a, b) => a - b);
    if (await better([...begun, ...rest])) break;
  }
  for (let goesOn = true; goesOn; ) {
    goesOn = false;
    for (const move of best) {
      const others = best.filter((one) => one !== move);
      const at = others.findIndex((one) => one > move);
      if (await better(others.toSpliced(at < 0 ? others.length : at, 0, move))) goesOn = true;
    }
    for (let at = 0; at < best.length - 1; at += 1)
      if ((best[at] as number) > (best[at + 1] as number) && (await better(swapped(best, at)))) goesOn = true;
  }
  return best;
}
