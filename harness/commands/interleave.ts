import path from 'node:path';
import { defineCommand } from 'citty';
import { readEngineLock } from '../../native/index.ts';
import { Explorer } from '../explore/explorer.ts';
import { writeFinding } from '../explore/finding-file.ts';
import { coreScenarios } from '../explore/interleave/core-scenarios.ts';
import { interleave, type Orders } from '../explore/interleave/interleave.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { defaultFolders } from '../run/folders.ts';
import { scenariosOf } from '../run/shard.ts';
import { onPin } from '../scenario/index.ts';
import type { StandingScenario } from '../scenario/types.ts';
import { list, parseCount, parseShardArgument, selectionArgs } from './arguments.ts';
import { libraryOf, lookAround, selectScenarios, type Terminal } from './context.ts';
import { failedList } from './failed-list.ts';
import { jsonFile } from './json-file.ts';
import { clock, tellDoing } from './progress.ts';
import { UsageError } from './read-arguments.mjs';

const defaultCount = 40;
const defaultSeed = 1;

export interface InterleaveArgs {
  scenario?: string | undefined;
  count?: string | undefined;
  seed?: string | undefined;
  seconds?: string | undefined;
  order?: string | undefined;
  shard?: string | undefined;
  json?: string | undefined;
  out?: string | undefined;
}

/** `interleave`: every order of the engine's lines that causality permits has the same outcome. */
export const interleaveCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'interleave',
      description: 'Play scenarios in every order of the engine’s lines that causality permits, and demand one outcome',
    },
    args: {
      scenario: {
        ...selectionArgs.scenario,
        description: 'Scenarios whose goldens are played: ids or globs, comma-separated (default: the core ones)',
      },
      count: {
        type: 'string',
        description: `How many orders of each scenario; all of them, if there are no more (default: ${defaultCount})`,
        valueHint: 'N',
      },
      seed: { type: 'string', description: `Which orders (default: ${defaultSeed})`, valueHint: 'N' },
      seconds: {
        type: 'string',
        description: 'Begin no further scenario after this time (default: no limit)',
        valueHint: 'N',
      },
      order: {
        type: 'string',
        description: 'Only this order of one scenario, as a finding names it: numbers, comma-separated',
        valueHint: 'N,N,…',
      },
      shard: { type: 'string', description: 'The Ith of N parts of the scenarios', valueHint: 'I/N' },
      json: { type: 'string', description: 'Write what each scenario showed to this file', valueHint: 'FILE' },
      out: {
        type: 'string',
        description: 'Folder of the findings, each a scenario that is ready to run (default: out/explore)',
        valueHint: 'DIR',
      },
    },
    run: async ({ args }) => done(await interleaveScenarios(args, terminal)),
  });

/** @param sources of our SDK in place of its own: tests give it a bug */
export async function interleaveScenarios(
  args: InterleaveArgs,
  terminal: Terminal,
  sources?: ReadonlyMap<string, string>,
): Promise<number> {
  const json = await jsonFile(args.json);
  const seconds = args.seconds === undefined ? undefined : parseCount('seconds', args.seconds, 1);
  const most = parseCount('count', args.count, defaultCount);
  const seed = parseCount('seed', args.seed, defaultSeed);
  const order = args.order === undefined ? undefined : parseOrder(args.order);
  const shard = args.shard === undefined ? undefined : parseShardArgument(args.shard);
  const folders = defaultFolders();
  const given = { ...args, family: 'app-server', scenario: args.scenario ?? coreScenarios.join(',') };
  const library = await libraryOf(folders, list(given.scenario));
  const chosen = onPin(selectScenarios(library.scenarios, given, library.ids));
  if (order !== undefined && chosen.length !== 1)
    throw new UsageError(`--order is an order of one scenario; --scenario names ${chosen.length}`);
  const scenarios = shard === undefined ? chosen : scenariosOf(chosen, shard);
  const { python } = await lookAround(false, folders.repository);
  const out = path.resolve(args.out ?? path.join(folders.repository, 'out/explore'));
  const options = { goldens: folders.goldens, most, seed, ...(order && { order }) };
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
  const all: Orders[] = [];
  const begun = Date.now();
  const explorer = await Explorer.open({
    repository: folders.repository,
    folder: path.join(folders.cells, 'interleave'),
    ledger: folders.ledger,
    engineVersion: readEngineLock().pin,
    python,
    jobs: 1,
    ...(sources && { sources }),
    signal: terminal.signal,
  });
  try {
    const doing = tellDoing(terminal);
    for (const [index, scenario] of scenarios.entries()) {
      if (Date.now() > until) break;
      doing('playing scenarios in other orders', { done: index, of: scenarios.length });
      const orders = await interleave(explorer, scenario, options, ({ done, of }) => {
        if (terminal.live)
          terminal.status(
            `[${index + 1}/${scenarios.length}] ${scenario.id}: ${done} of ${of} orders · ${clock(Date.now() - begun)}`,
          );
      });
      all.push(orders);
      for (const found of orders.findings) {
        const repeat = `npm run parity -- interleave --scenario ${scenario.id} --order ${found.order.join()}`;
        const file = await writeFinding(out, { scenario: found.scenario, findings: found.findings, repeat });
        const what = found.findings.map(({ client, kind, what: one }) => `${client}: ${kind}: ${one}`);
        terminal.note(
          terminal.paint.red(`another outcome  ${scenario.id}`),
          ...what.map((one) => `  ${one}`),
          `  what comes early: ${found.moved.join(', ')}`,
          `  ${path.relative(process.cwd(), file)}`,
          `  again: ${repeat}`,
        );
      }
    }
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
  } finally {
    terminal.status();
    await explorer.close();
  }
  await json?.write({ kind: 'interleave', schemaVersion: 1, seed, count: most, scenarios: all });
  return conclude(all, scenarios, terminal);
}

function conclude(all: readonly Orders[], scenarios: readonly StandingScenario[], terminal: Terminal): number {
  const interrupted = terminal.signal.aborted;
  const sum = (key: 'played' | 'dependent' | 'reference' | 'unsteady') =>
    all.reduce((total, one) => total + one[key], 0);
  const skipped = all.filter((one) => one.skipped !== undefined);
  for (const one of skipped) terminal.out(`skipped  ${one.scenario}: ${one.skipped}`);
  const failed = all.filter(({ findings }) => findings.length > 0);
  const played = all.length - skipped.length;
  terminal.out(
    `${sum('played')} orders of ${played} of ${scenarios.length} scenarios; of ${all.filter((one) => one.all).length} all that are possible`,
    `${sum('dependent')} whose outcome depends on the order in Python and ours alike, ${sum('reference')} in Python alone, ${sum('unsteady')} unsteady`,
    ...(interrupted ? ['interrupted: what was played until then'] : []),
    ...failedList(failed.map(({ scenario }) => `${scenario} has another outcome in another order`)),
    `${played - failed.length} passed, ${failed.length} failed`,
  );
  return exitCodes.interleave({ failed: failed.length, passed: played - failed.length, interrupted });
}

/** @throws UsageError */
function parseOrder(text: string): number[] {
  const order = text.split(',').map(Number);
  const sorted = order.toSorted((a, b) => a - b);
  if (sorted.every((move, at) => move === at)) return order;
  throw new UsageError(
    `reading --order: expected each number from 0 once, as a finding names them, got ${JSON.stringify(text)}`,
  );
}
