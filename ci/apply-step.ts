import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import type { BumpReport } from '../harness/bump/types.ts';
import { expectedGot } from '../native/expected-got.mjs';
import { writeWhole } from '../testing/files/write-whole.ts';

export interface ApplyOptions {
  root: string;
  note: (line: string) => void;
  /** `npm run ARGUMENTS`; its exit code. */
  npm: (args: readonly string[]) => Promise<number | null>;
}

/**
 * Makes the tree ready to commit, as far as a program can: the lock, the ranges of scenarios that name what the new engine lacks, the contract and what is
 * generated from it, the goldens, and the pages again. What needs a person stays in the report's list of edits.
 * @throws Error with the command that failed; what was done until then stays, and the same command continues from there
 */
export async function applyStep({ from, to, runs }: BumpReport, { root, note, npm }: ApplyOptions): Promise<void> {
  if (from === to)
    throw new Error(expectedGot('applying the step', 'another engine', `${to} again`, 'A Python SDK is taken by hand'));
  const run = async (...args: string[]) => {
    note(`npm run ${args.join(' ')} …`);
    const code = await npm(args);
    if (code !== 0) throw new Error(expectedGot(`running npm run ${args.join(' ')}`, 'exit code 0', String(code)));
  };
  await run('pin', '--', to, '--pin');
  for (const { scenario, side } of runs.notApplicable) if (side === 'after') await endAt(root, scenario, from, note);
  await run('generate');
  await run('record');
  await run('generate');
}

/** The scenario's file, or that of the matrix that it comes from, holds until that engine. */
async function endAt(root: string, scenario: string, version: string, note: (line: string) => void): Promise<void> {
  for (const id of [scenario, path.posix.dirname(scenario)]) {
    const file = path.join(root, 'fixtures', 'scenarios', `${id}.yaml`);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    if (parseDocument(text).has('until')) return;
    // A line of its own after the family, so that the rest of the file stays as it was written.
    await writeWhole(
      file,
      text.replace(/^family: .*$/m, (line) => `${line}\nuntil: ${version}`),
    );
    note(`${path.posix.join('fixtures/scenarios', `${id}.yaml`)}: until ${version}`);
    return;
  }
}
