import path from 'node:path';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { percent } from '../../testing/text.ts';
import { readChecked } from '../data/schemas.ts';
import { badge, renderBadge } from '../report/ci/badge.ts';
import { defaultFolders } from '../run/folders.ts';
import { readRunResult } from '../run/run-result.ts';
import { engineProofsFolder, makeEngineProofs } from '../summary/engine-proof.ts';
import { type HistoryEntry, historyFolder, readHistory } from '../summary/history-entry.ts';
import { entryName, makeEntry } from '../summary/make-entry.ts';
import { readMutation } from '../summary/read-mutation.ts';
import type { Summary } from '../summary/summary.ts';
import { passedCells } from '../summary/verdict-counts.ts';
import { list } from './arguments.ts';
import { allScenarios, type Terminal } from './context.ts';
import { UsageError } from './read-arguments.mjs';

export interface HistoryArgs {
  action?: string | undefined;
  from?: string | undefined;
  mutants?: string | undefined;
}

/** `history`: the committed past summaries, from which the report draws the trend; `history add` makes one of the last whole run. */
export const historyCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'history',
      description:
        'List the committed past summaries, add the last whole run to them, or keep what it proved of each engine',
    },
    args: {
      action: {
        type: 'positional',
        required: false,
        description: '`add` or `engines`; without it, list the summaries',
      },
      from: { type: 'string', description: 'Folder of the run to add (default: out/parity)', valueHint: 'DIR' },
      mutants: {
        type: 'string',
        description: 'Results of `mutation` whose kill score is added (default: out/mutation/results.jsonl)',
        valueHint: 'FILE',
      },
    },
    run: async ({ args }) => done(await history(args, terminal)),
  });

/** @param root the repository */
export async function history(
  { action, from, mutants }: HistoryArgs,
  terminal: Terminal,
  root = defaultFolders().repository,
): Promise<number> {
  if (action !== undefined && action !== 'add' && action !== 'engines')
    throw new UsageError(
      expectedGot('reading the arguments of history', 'add, engines or nothing', JSON.stringify(action)),
    );
  if (action === 'engines') {
    for (const name of await keepProofs(path.resolve(from ?? defaultFolders().out), root))
      terminal.out(`wrote ${path.join('fixtures', 'engines', name)}; npm run generate, and commit both`);
    return 0;
  }
  if (action === 'add') {
    const name = await add(path.resolve(from ?? defaultFolders().out), list(mutants), root, terminal);
    terminal.out(`added ${path.join('fixtures', 'history', name)}; commit it`);
    return 0;
  }
  for (const entry of await readHistory(root)) terminal.out(lineOf(entry));
  return 0;
}

async function add(out: string, mutants: readonly string[], root: string, terminal: Terminal): Promise<string> {
  const summary = await readChecked<Summary>(path.join(out, 'summary.json'), 'summary');
  const result = await readRunResult(out);
  const leftOut = (why: string) => terminal.note(`without a kill score: ${why}`);
  const entry = makeEntry(summary, result, await readMutation(root, mutants, result.inputs, leftOut));
  const name = entryName(entry);
  const folder = historyFolder(root);
  await writeWhole(path.join(folder, name), `${JSON.stringify(entry, null, 2)}\n`);
  const last = (await readHistory(root)).at(-1);
  if (last !== undefined) await writeWhole(path.join(folder, 'badge.svg'), badgeOf(last));
  return name;
}

async function keepProofs(out: string, root: string): Promise<string[]> {
  const summary = await readChecked<Summary>(path.join(out, 'summary.json'), 'summary');
  const scenarios = await allScenarios(defaultFolders());
  const proofs = makeEngineProofs(
    summary,
    await readRunResult(out),
    scenarios.map(({ id }) => id),
  );
  for (const proof of proofs)
    await writeWhole(
      path.join(engineProofsFolder(root), `${proof.version}.json`),
      `${JSON.stringify(proof, null, 2)}\n`,
    );
  return proofs.map(({ version }) => `${version}.json`);
}

/** What the README shows: the last entry's. */
export function badgeOf({ totals, verdicts, ledger, problems, engineVersion }: HistoryEntry): string {
  return renderBadge(
    badge({ whole: true, totals, verdicts, ledgerProblems: ledger.problems, otherProblems: problems }),
    engineVersion,
  );
}

function lineOf({
  begun,
  commit,
  engineVersion,
  scenarios,
  cells,
  verdicts,
  matchBeforeLedger,
  seconds,
}: HistoryEntry) {
  const { passed, failed } = passedCells(verdicts);
  const share = `${percent(matchBeforeLedger)} of ours match before the ledger`;
  return `${begun.slice(0, 10)}  ${commit}  engine ${engineVersion}  ${scenarios} scenarios, ${cells} cells: ${passed} passed, ${failed} failed; ${share}; ${seconds} s`;
}
