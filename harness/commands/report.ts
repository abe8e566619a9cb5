import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { defaultFolders } from '../run/folders.ts';
import { runResultPath } from '../run/run-result.ts';
import { list } from './arguments.ts';
import type { Terminal } from './context.ts';
import { merge } from './merge.ts';
import { UsageError } from './read-arguments.mjs';

/** `report`: the report of a saved run, made anew. Runs nothing. */
export const reportCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'report',
      description: 'Build the report of a saved run, or of the shards in a folder; runs nothing',
    },
    args: {
      from: {
        type: 'string',
        description: 'Folders of results, comma-separated, or one folder that contains them (default: out/parity)',
        valueHint: 'DIR',
      },
      out: {
        type: 'string',
        description: 'Folder for the report and its files (default: that of the results; for several: out/parity)',
        valueHint: 'DIR',
      },
    },
    run: async ({ args }) => done(await report(args, terminal)),
  });

export interface ReportArgs {
  from?: string | undefined;
  out?: string | undefined;
}

export async function report({ from, out }: ReportArgs, terminal: Terminal): Promise<number> {
  const given = list(from);
  const folders = given.length === 0 ? [defaultFolders().out] : given;
  const dirs = (await Promise.all(folders.map(foldersOfResults))).flat();
  const [only] = dirs;
  return merge({ dirs, out: out ?? (dirs.length === 1 ? only : undefined) }, terminal);
}

/** The folder itself where a run wrote it; else those in it that one did, as the artifacts of a workflow come. */
async function foldersOfResults(dir: string): Promise<string[]> {
  if (existsSync(runResultPath(dir))) return [dir];
  const inside = existsSync(dir) ? await readdir(dir, { withFileTypes: true }) : [];
  const found = inside.flatMap((entry) => (entry.isDirectory() ? [path.join(dir, entry.name)] : [])).sort();
  const results = found.filter((folder) => existsSync(runResultPath(folder)));
  if (results.length > 0) return results;
  const expected = 'a folder that npm run parity -- run --out DIR wrote, or one of such folders';
  throw new UsageError(expectedGot('reading --from', expected, `${dir}, which holds no result of a run`));
}
