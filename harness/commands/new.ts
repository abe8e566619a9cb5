import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { normalise } from '../normalise/normalise.ts';
import { describeObservation } from '../report/describe-observation.ts';
import { defaultFolders, type Folders, removeCells } from '../run/folders.ts';
import { recordingProblems, recordScenario } from '../run/record.ts';
import { coverageNames } from '../scenario/coverage-names.ts';
import { onPin } from '../scenario/index.ts';
import { recordingEngine, referenceClient } from '../scenario/reference.ts';
import { scenarioSkeleton } from '../scenario/skeleton.ts';
import type { LoadedScenario, StandingScenario } from '../scenario/types.ts';
import { exercised } from '../verdict/covers.ts';
import { parseFamily, selectionArgs } from './arguments.ts';
import { allScenarios, clientsFor, openSession, type Terminal } from './context.ts';
import { UsageError } from './read-arguments.mjs';

/** `new`: a scenario's file, and what the reference client shows of it on the real engine. */
export const newCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'new',
      description:
        'Write a new scenario, run it with the reference client (Python) on the real engine, and show what happened',
    },
    args: {
      id: {
        type: 'positional',
        required: true,
        description: 'folder/name in lower case, words joined by -',
        valueHint: 'ID',
      },
      title: { type: 'string', description: 'What the situation shows, as one sentence', valueHint: 'TEXT' },
      family: {
        ...selectionArgs.family,
        description: 'app-server or exec (default: exec for exec/…, otherwise app-server)',
      },
    },
    run: async ({ args }) => done(await newScenario(args, terminal)),
  });

export interface NewArgs {
  id: string;
  title?: string | undefined;
  family?: string | undefined;
}

export async function newScenario({ id, title, family }: NewArgs, terminal: Terminal): Promise<number> {
  const folders = defaultFolders();
  if (!/^[a-z0-9-]+(?:\/[a-z0-9-]+)+$/.test(id))
    throw new UsageError(
      expectedGot('reading the id', 'folder/name of a-z, 0-9 and -, as turns/steer-twice', JSON.stringify(id)),
    );
  const file = path.join(folders.scenarios, `${id}.yaml`);
  refuseTaken(id, await allScenarios(folders), file, folders);
  const kind = parseFamily(family) ?? (id.startsWith('exec/') ? 'exec' : 'app-server');
  await writeWhole(file, scenarioSkeleton({ id, family: kind, title }));
  const place = path.relative(folders.repository, file);
  terminal.out(`${terminal.paint.green('written')}  ${place}`, '');

  const { session, clients } = await openSession(false, terminal, path.join(folders.repository, 'out', 'new'));
  try {
    const scenario = onPin(await allScenarios(folders)).find((one) => one.id === id) as StandingScenario;
    const hellos = await session.hello(clientsFor([scenario], clients));
    const client = referenceClient(scenario, hellos, session.options.pinned.version);
    if (client === undefined)
      throw new Error(`Running ${id}: no client that is present can; npm run parity -- doctor says what is missing`);
    const plan = { scenario, client, engine: recordingEngine(scenario), round: 1 };
    const { observation } = await session.observe(plan);
    terminal.out(...describeObservation(normalise(observation), terminal.paint));
    const names = coverageNames(session.checker.contract, kind);
    const covered = [...exercised(observation.lines)].filter((name) => names.has(name));
    terminal.out('', `it exercises, for \`covers\`: ${covered.join(', ')}`);
    for (const problem of recordingProblems(session, plan, observation))
      terminal.out(`${terminal.paint.red('refused as a golden')}: ${problem}`);
    const ask = 'Record this as its golden now? Else edit the file first.';
    if ((await terminal.ask?.(ask)) === true) {
      const { outcome, details } = await recordScenario(session, scenario, client);
      terminal.out(`${outcome}  ${id} (${client})`, ...details.map((detail) => `  ${detail}`));
      if (outcome === 'refused') return 1;
    }
    terminal.out(...nextSteps(id, place, client).split('\n'));
    return 0;
  } finally {
    await session.close();
    await removeCells(session.options.folders);
  }
}

function refuseTaken(id: string, all: readonly LoadedScenario[], file: string, { repository }: Folders): void {
  if (existsSync(file)) throw new UsageError(`${id} exists: ${path.relative(repository, file)}`);
  const other = all.find(
    (one) => one.id === id || (one.expandedFrom !== undefined && id.startsWith(`${one.expandedFrom}/`)),
  );
  if (other !== undefined)
    throw new UsageError(
      `${id} would be among the cases of ${path.relative(repository, other.file)}; add it to its matrix`,
    );
}

const nextSteps = (id: string, file: string, client: string): string => `
edit        ${file}; docs/scenario-format.md
see again   npm run parity -- rerun ${id}/${client}/real --show
record      npm run record -- ${id}; twice: the second time nothing may change
prove       npm run parity -- run --scenario ${id}`;
