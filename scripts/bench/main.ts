import type { Output } from '../../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../../harness/commands/read-arguments.mjs';
import { expectedGot } from '../../native/expected-got.mjs';
import { measureEvents } from './events.ts';
import { measureExecTurn } from './exec-turn.ts';
import { measureFakeStart } from './fake-start.ts';
import { measureHostileLines } from './hostile-lines.ts';
import { measureImport } from './import.ts';
import { measureTelemetry } from './telemetry.ts';

const measures = {
  import: measureImport,
  events: measureEvents,
  'fake-start': measureFakeStart,
  'exec-turn': measureExecTurn,
  'hostile-lines': measureHostileLines,
  telemetry: measureTelemetry,
};

/** `npm run bench`. Exit code 1 when a goal is missed. */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const rounds = Number(values['rounds']);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError(expectedGot('reading --rounds', 'a whole number from 1', JSON.stringify(values['rounds'])));
  const known = Object.keys(measures) as (keyof typeof measures)[];
  const only = values['only'] === undefined ? known : String(values['only']).split(',');
  const stranger = only.find((name) => !known.some((one) => one === name));
  if (stranger !== undefined)
    throw new UsageError(expectedGot('reading --only', known.join(' or '), JSON.stringify(stranger)));
  let code = 0;
  for (const name of known.filter((one) => only.includes(one)))
    code = Math.max(code, await measures[name](rounds, output.out));
  return code;
}
