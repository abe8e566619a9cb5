import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { defineCommand } from 'citty';
import { venvPython } from '../../native/index.ts';
import { cellPath } from '../cell/cell-path.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { defaultFolders } from '../run/folders.ts';
import { type ReadRun, readRuns } from '../summary/read-runs.ts';
import { readLedger } from '../verdict/ledger.ts';
import { conclude } from './conclude.ts';
import { libraryOf, type Terminal } from './context.ts';
import { jsonFile } from './json-file.ts';
import { UsageError } from './read-arguments.mjs';

/** `merge`: one result of the shards of a run, as if it had been one. Runs nothing. */
export const mergeCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'merge',
      description:
        'Combine all shards of a run, or the runs of several platforms, into one result with reports; runs nothing',
    },
    args: {
      dirs: { type: 'positional', required: true, description: 'The folders of the results', valueHint: 'DIR...' },
      json: { type: 'string', description: 'Write the summary to this file as well', valueHint: 'FILE' },
      out: { type: 'string', description: 'Folder of the merged result (default: out/parity)', valueHint: 'DIR' },
    },
    run: async ({ args }) => done(await merge({ ...args, dirs: args._ }, terminal)),
  });

export interface MergeArgs {
  dirs: readonly string[];
  json?: string | undefined;
  out?: string | undefined;
}

export async function merge({ dirs, json, out }: MergeArgs, terminal: Terminal): Promise<number> {
  if (dirs.length === 0) throw new UsageError('merge needs the folders of the results');
  const summaryFile = await jsonFile(json);
  const folders = defaultFolders(out === undefined ? undefined : path.resolve(out));
  const [library, ledger, contract] = await Promise.all([
    libraryOf(folders, []),
    readLedger(folders.ledger),
    loadContract(),
  ]);
  const run = await readRuns(dirs, folders.repository);
  await copyRaw(run, folders.out);
  const python = run.result.request.offline ? undefined : venvPython(folders.repository);
  const environment = { folders, python, ledger, checker: new WireChecker(contract), library };
  return conclude(run, environment, terminal, summaryFile);
}

/** The observations beside the merged result: the shards' folders may go. */
async function copyRaw({ result, sources }: ReadRun, out: string): Promise<void> {
  for (const cell of result.results) {
    const source = sources.get(cellPath(cell));
    if (source === undefined || cell.raw === undefined) continue;
    const target = path.join(out, cell.raw);
    if (source === target) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(source, target);
  }
}
