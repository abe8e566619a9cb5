import type { ObservationBody } from '../../observation/types.ts';
import { lateStartAnswers } from './late-start-answer.ts';
import { lateUnloads } from './late-unload.ts';
import { outputOfToolCommands } from './output-of-tool-command.ts';
import { usageOfInterrupted } from './usage-of-interrupted.ts';

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
  const answers = lateStartAnswers(lines);
  const order = lines.flatMap((_, index) => {
    if ([unloads, usage, output, answers].some((found) => found.has(index))) return [];
    return [...[...answers].flatMap(([answer, begun]) => (begun === index ? [answer] : [])), index];
  });
  const counts = {
    'late-unload': unloads.size,
    'usage-of-interrupted': usage.size,
    'output-of-tool-command': output.size,
    'late-start-answer': answers.size,
  };
  return { order, fired: Object.fromEntries(Object.entries(counts).filter(([, times]) => times > 0)) };
}
