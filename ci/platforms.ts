import { relative, resolve, sep } from 'node:path';
import { glob } from 'zx';
import type { Output } from '../harness/commands/output.mjs';
import type { Arguments } from '../harness/commands/read-arguments.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { NpmRuns } from './npm.ts';

/** One report of all platforms, from the folders that the jobs of the matrix have uploaded. */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const folder = resolve(String(values['folder']));
  const found = await glob('*/parity', { cwd: folder, onlyDirectories: true, followSymbolicLinks: false });
  if (found.length === 0) {
    output.note(expectedGot('merging the platforms', `folders PLATFORM/parity in ${folder}`, 'none'));
    return 1;
  }
  const dirs = found.sort().map((name) => resolve(folder, ...name.split('/')));
  using npm = new NpmRuns();
  output.note(`merging ${dirs.map((dir) => relative(folder, dir).split(sep).join('/')).join(', ')}`);
  const { code } = await npm.run(['run', '--silent', 'parity', '--', 'merge', ...dirs], output.relay);
  return code ?? 1;
}
