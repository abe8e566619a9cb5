import { dirname } from 'node:path';
import { buildPackage } from './build-package.ts';

/** `npm run build`. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv.length > 0) {
    process.stderr.write(`npm run build: "${argv[0]}" is unknown; wanted no arguments, see --help\n`);
    return 2;
  }
  const { folder, files } = buildPackage(dirname(dirname(import.meta.dirname)));
  process.stdout.write(`${folder}: ${files} files\n`);
  return 0;
}
