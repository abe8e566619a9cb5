import { defineCommand } from 'citty';
import pc from 'picocolors';
import { recordScenario } from '../run/record.ts';
import { referenceClient } from '../run/reference.ts';
import { removeCells } from '../run/remove-cells.ts';
import { runAll } from '../run/run-all.ts';
import { parseClients, selectionArgs } from './arguments.ts';
import { allScenarios, clientsFor, jobsOf, openSession, selectScenarios, type Terminal } from './context.ts';

/** `record`: goldens anew, with the reference clients on the real engine. */
export const recordCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'record',
      description: 'Record goldens with the reference client on the real engine; unchanged ones stay as they are',
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
      check: { type: 'boolean', description: 'Write nothing; fail where a golden would change' },
    },
    run: async ({ args }) => done(await record(args, terminal)),
  });

interface RecordArgs {
  glob?: string | undefined;
  client?: string | undefined;
  jobs?: string | undefined;
  check?: boolean | undefined;
}

export async function record(args: RecordArgs, terminal: Terminal): Promise<number> {
  const { session, clients } = await openSession(false, terminal);
  const counts = { new: 0, changed: 0, unchanged: 0, refused: 0, failed: 0 };
  try {
    const scenarios = selectScenarios(await allScenarios(session.options.folders), { scenario: args.glob }).filter(
      ({ engine, engines }) => engine !== undefined || engines === undefined || engines.includes('real'),
    );
    const [forced] = parseClients(args.client);
    const hellos = await session.hello(forced === undefined ? clientsFor(scenarios, clients) : [forced]);
    const one = async (scenario: (typeof scenarios)[number]) => {
      const client = forced ?? referenceClient(scenario, hellos, session.options.pinned.version);
      if (client === undefined) {
        counts.failed += 1;
        terminal.out(`${pc.red('failed')}     ${scenario.id}: no client that is present can run it`);
        return;
      }
      try {
        const result = await recordScenario(session, scenario, client, { check: args.check === true });
        counts[result.outcome] += 1;
        const bad = result.outcome === 'refused' || (args.check === true && result.outcome !== 'unchanged');
        terminal.out(`${(bad ? pc.red : pc.green)(result.outcome.padEnd(10))} ${scenario.id} (${client})`);
        for (const detail of result.details) terminal.out(`           ${detail}`);
      } catch (error) {
        counts.failed += 1;
        terminal.out(`${pc.red('failed')}     ${scenario.id}: ${(error as Error).message}`);
      }
    };
    await runAll(scenarios, jobsOf(args), one, terminal.signal);
  } finally {
    await session.close();
    await removeCells(session.options.folders);
  }
  const bad = counts.refused + counts.failed + (args.check === true ? counts.new + counts.changed : 0);
  terminal.out(
    `${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.refused + counts.failed} failed`,
  );
  return bad > 0 || terminal.signal.aborted ? 1 : 0;
}
