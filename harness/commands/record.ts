import path from 'node:path';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { readEngineLock } from '../../native/index.ts';
import type { ClientId } from '../clients/clients.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { paintChange } from '../report/paint.ts';
import { removeCells } from '../run/folders.ts';
import type { Target } from '../run/plan.ts';
import { type RecordResult, recordScenario } from '../run/record.ts';
import { runAll } from '../run/run-all.ts';
import { engineReason, scenarioOn } from '../scenario/index.ts';
import { recordingEngine, referenceClient } from '../scenario/reference.ts';
import { engineVersionArg, parseClient, parseEngineVersions, selectionArgs } from './arguments.ts';
import { allScenarios, clientsFor, jobsOf, openSession, selectScenarios, type Terminal, targetsOf } from './context.ts';
import { jsonFile } from './json-file.ts';
import type { Paint } from './output.mjs';
import { UsageError } from './read-arguments.mjs';

/** `record`: goldens anew, with the reference clients on the real engine. */
export const recordCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'record',
      description:
        'Record goldens with the reference client on the real engine; unchanged goldens stay as they are, and a change needs two recordings that agree',
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
      'engine-version': {
        ...engineVersionArg,
        description:
          'With --check: compare recordings on this version of the engine with the goldens (default: the pin)',
      },
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
  /** Of another engine than the pin. */
  engineVersion?: string;
  outcome: RecordResult['outcome'] | 'not-applicable' | 'failed';
  client?: ClientId;
}

interface RecordArgs {
  glob?: string | undefined;
  client?: string | undefined;
  jobs?: string | undefined;
  check?: boolean | undefined;
  'engine-version'?: string | undefined;
  out?: string | undefined;
  json?: string | undefined;
}

export async function record(args: RecordArgs, terminal: Terminal): Promise<number> {
  const json = await jsonFile(args.json);
  const { pin } = readEngineLock();
  const versions = parseEngineVersions(args['engine-version']);
  if (args.check !== true && versions.some((version) => version !== pin)) {
    const advice = 'Add --check to compare with them';
    throw new UsageError(
      expectedGot('recording goldens', `the pin ${pin}, which they stand for`, versions.join(', '), advice),
    );
  }
  const { session, clients } = await openSession(false, terminal, undefined, versions);
  if (args.out !== undefined) session.options.folders.goldens = path.resolve(args.out);
  const outcomes: Outcome[] = [];
  try {
    const scenarios = selectScenarios(await allScenarios(session.options.folders), { scenario: args.glob }).filter(
      ({ script, engines }) => script !== undefined || engines === undefined || engines.includes('real'),
    );
    const forced = parseClient(args.client);
    const hellos = await session.hello(forced === undefined ? clientsFor(scenarios, clients) : [forced]);
    const one = async ({ scenario, target }: { scenario: (typeof scenarios)[number]; target: Target }) => {
      const id = target.other === true ? `${scenario.id} on ${target.version}` : scenario.id;
      const tell = (outcome: Outcome['outcome'], details: string[], client?: ClientId) => {
        const on = target.other === true && { engineVersion: target.version };
        outcomes.push({ scenario: scenario.id, ...on, outcome, details, ...(client !== undefined && { client }) });
        const bad =
          outcome === 'refused' || outcome === 'failed' || (args.check === true && /new|changed/.test(outcome));
        const paint = bad && outcome !== 'unchanged' ? terminal.paint.red : terminal.paint.green;
        terminal.out(`${paint(outcome.padEnd(10))} ${id}${client === undefined ? '' : ` (${client})`}`);
        terminal.out(...shown(details, terminal.paint));
      };
      const reason = engineReason(scenario, target);
      if (reason !== undefined) return tell('not-applicable', [reason]);
      const client = forced ?? referenceClient(scenario, hellos, target.version);
      if (client === undefined) return tell('failed', ['no client that is present can run it']);
      try {
        const on = target.other === true ? { engineVersion: target.version } : {};
        const options = { check: args.check === true, ...on };
        const { outcome, details } = await recordScenario(
          session,
          scenarioOn(scenario, target.version),
          client,
          options,
        );
        tell(outcome, details, client);
      } catch (error) {
        tell('failed', [(error as Error).message], client);
      }
    };
    const targets = await targetsOf(['real', 'fake'], versions);
    const work = targets.flatMap((target) =>
      scenarios
        .filter((scenario) => recordingEngine(scenario) === target.engine)
        .map((scenario) => ({ scenario, target })),
    );
    await runAll(work, jobsOf(args), one, terminal.signal);
  } finally {
    await session.close();
    await removeCells(session.options.folders);
  }
  await json?.write(outcomes);
  const { told, code } = concludeRecording(outcomes, {
    check: args.check === true,
    interrupted: terminal.signal.aborted,
  });
  terminal.out(told);
  return code;
}

/** What became of all, in one line, and the exit code. Exported for its test. */
export function concludeRecording(
  outcomes: readonly Pick<Outcome, 'outcome'>[],
  ended: { check: boolean; interrupted: boolean },
): { told: string; code: number } {
  const count = (name: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === name).length;
  const shown = (['new', 'changed', 'unchanged', 'refused', 'failed'] as const).map((name) => `${count(name)} ${name}`);
  const changed = count('new') + count('changed');
  const code = exitCodes.record({ failed: count('failed'), refused: count('refused'), changed, ...ended });
  return { told: shown.join(', '), code };
}
