import path from 'node:path';
import { defineCommand } from 'citty';
import type { ClientId } from '../clients/clients.ts';
import { type RecordResult, recordScenario } from '../run/record.ts';
import { removeCells } from '../run/remove-cells.ts';
import { runAll } from '../run/run-all.ts';
import { referenceClient } from '../scenario/reference.ts';
import { parseClient, selectionArgs } from './arguments.ts';
import { allScenarios, clientsFor, jobsOf, openSession, selectScenarios, type Terminal } from './context.ts';
import { jsonFile } from './json-file.ts';
import type { Paint } from './output.mjs';
import { paintChange } from './paint-change.ts';

/** `record`: goldens anew, with the reference clients on the real engine. */
export const recordCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'record',
      description: 'Record goldens with the reference client on the real engine; unchanged goldens stay as they are',
    },
    args: {
      glob: {
        type: 'positional',
        required: false,
        description: 'Scenarios to record (default: all)',
        valueHint: 'GLOB',
      },
      client: { ...selectionArgs.client, description: 'Record with this client instead of the reference' },
      jobs: selectionArgs.jobs,
      check: { type: 'boolean', description: 'Write nothing; fail if a golden would change' },
      out: {
        type: 'string',
        description: 'Folder of the goldens to compare with and write (default: fixtures/golden)',
        valueHint: 'DIR',
      },
      json: { type: 'string', description: 'Write the outcome for each golden to this file', valueHint: 'FILE' },
    },
    run: async ({ args }) => done(await record(args, terminal)),
  });

/** Of more, the file in Git tells. */
const mostLines = 60;

function shown(details: readonly string[], paint: Paint): string[] {
  const more = details.length - mostLines;
  return [
    ...details.slice(0, mostLines).map((line) => `           ${paintChange(line, paint)}`),
    ...(more > 0 ? [`           and ${more} more lines: git diff fixtures/golden`] : []),
  ];
}

/** What became of one golden. */
interface Outcome extends Omit<RecordResult, 'outcome' | 'client'> {
  outcome: RecordResult['outcome'] | 'failed';
  client?: ClientId;
}

interface RecordArgs {
  glob?: string | undefined;
  client?: string | undefined;
  jobs?: string | undefined;
  check?: boolean | undefined;
  out?: string | undefined;
  json?: string | undefined;
}

export async function record(args: RecordArgs, terminal: Terminal): Promise<number> {
  const json = await jsonFile(args.json);
  const { session, clients } = await openSession(false, terminal);
  if (args.out !== undefined) session.options.folders.goldens = path.resolve(args.out);
  const outcomes: Outcome[] = [];
  const counts = { new: 0, changed: 0, unchanged: 0, refused: 0, failed: 0 };
  try {
    const scenarios = selectScenarios(await allScenarios(session.options.folders), { scenario: args.glob }).filter(
      ({ script, engines }) => script !== undefined || engines === undefined || engines.includes('real'),
    );
    const forced = parseClient(args.client);
    const hellos = await session.hello(forced === undefined ? clientsFor(scenarios, clients) : [forced]);
    const one = async (scenario: (typeof scenarios)[number]) => {
      const client = forced ?? referenceClient(scenario, hellos, session.options.pinned.version);
      if (client === undefined) {
        counts.failed += 1;
        outcomes.push({ scenario: scenario.id, outcome: 'failed', details: ['no client that is present can run it'] });
        terminal.out(`${terminal.paint.red('failed')}     ${scenario.id}: no client that is present can run it`);
        return;
      }
      try {
        const result = await recordScenario(session, scenario, client, { check: args.check === true });
        counts[result.outcome] += 1;
        outcomes.push(result);
        const bad = result.outcome === 'refused' || (args.check === true && result.outcome !== 'unchanged');
        terminal.out(
          `${(bad ? terminal.paint.red : terminal.paint.green)(result.outcome.padEnd(10))} ${scenario.id} (${client})`,
        );
        terminal.out(...shown(result.details, terminal.paint));
      } catch (error) {
        counts.failed += 1;
        outcomes.push({ scenario: scenario.id, client, outcome: 'failed', details: [(error as Error).message] });
        terminal.out(`${terminal.paint.red('failed')}     ${scenario.id}: ${(error as Error).message}`);
      }
    };
    await runAll(scenarios, jobsOf(args), one, terminal.signal);
  } finally {
    await session.close();
    await removeCells(session.options.folders);
  }
  await json?.write(outcomes);
  const bad = counts.refused + counts.failed + (args.check === true ? counts.new + counts.changed : 0);
  terminal.out(
    `${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.refused + counts.failed} failed`,
  );
  return bad > 0 || terminal.signal.aborted ? 1 : 0;
}
