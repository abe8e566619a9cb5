import { dirname, join } from 'node:path';
import { $ } from 'zx';
import type { Output } from '../../harness/commands/output.mjs';
import type { Arguments } from '../../harness/commands/read-arguments.mjs';
import { findNpm } from '../../native/find-npm.mjs';
import { buildPackage } from './build-package.ts';

/** `npm run build`: the package's folder, and the file that npm packs of it. */
export async function main(_: Arguments, output: Output): Promise<number> {
  const root = dirname(dirname(import.meta.dirname));
  const { folder, files } = await buildPackage(root);
  output.out(`${folder}: ${files} files`);
  const dist = join(root, 'dist');
  const packed = await $({
    cwd: folder,
    quiet: true,
  })`${process.execPath} ${findNpm(process.env)} pack --silent --pack-destination ${dist}`;
  output.out(join(dist, packed.stdout.trim()));
  return 0;
}
