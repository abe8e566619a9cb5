import type { JsonObject } from '../../testing/json/json.ts';
import type { ReadLine } from './read-line.ts';
import { textAt } from './wire-facts.ts';

/**
 * The exits of runs of `exec` whose turn has failed. `run()` kills the engine at the event, while the engine is about
 * to exit with 1 by itself. Which comes first is a race that says nothing about the client. Every other exit is
 * compared unchanged.
 */
export function settleExits(lines: readonly ReadLine[]): readonly ReadLine[] {
  const failed = new Set(
    lines.flatMap(({ body }) =>
      body.ch === 'wire.in' && body.run !== undefined && textAt(body.msg, 'type') === 'turn.failed' ? [body.run] : [],
    ),
  );
  if (failed.size === 0) return lines;
  return lines.map((line) => {
    const { body } = line;
    if (body.ch !== 'exit' || body.run === undefined || !failed.has(body.run)) return line;
    const ended = body.code === 1 || body.signal === 'SIGTERM' || body.signal === 'SIGKILL';
    return ended ? { ...line, value: { ...line.value, code: '<failed>', signal: null } as JsonObject } : line;
  });
}
