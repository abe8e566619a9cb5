import type { JsonValue } from '../../testing/json/json.ts';
import type { NormalisedLine } from '../normalise/types.ts';

/**
 * How many engines lived when each one was started: of starts and exits in one sequence. Lanes cannot show it, because a
 * start and an exit are in different ones. Starts that only ask for a version or a schema are none, and nor are their
 * exits: an engine that was asked ends on its own, whenever. So does a run of `exec`, after its last event: whether the
 * next one starts before is a race of the two engines.
 */
export function livesAtStarts(lines: readonly NormalisedLine[]): { alive: number; number: number }[] {
  const starts: { alive: number; number: number }[] = [];
  let alive = 0;
  let asked = 0;
  lines.forEach(({ ch, body }, number) => {
    if (ch === 'argv') {
      if (!isServer(wordsOf(body['argv']))) asked += 1;
      else {
        starts.push({ alive, number });
        alive += 1;
      }
    } else if (ch === 'exit') {
      if (asked > 0) asked -= 1;
      else alive = Math.max(0, alive - 1);
    }
  });
  return starts;
}

const isServer = (words: readonly string[]): boolean =>
  words.includes('app-server') && !words.includes('generate-json-schema');

const wordsOf = (argv: JsonValue | undefined): string[] => (Array.isArray(argv) ? argv.map(String) : []);
