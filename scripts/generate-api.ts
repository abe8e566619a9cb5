import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { apiPages } from './api/api-pages.ts';
import { publishFolder, staleFiles } from './contract/publish-folder.ts';

const usage = `Usage: generate-api [--check]
Writes docs/api from the doc comments of what the package exports.
  --check  write nothing; fail when docs/api differs
`;

/** Exit code 0: written, or up to date with `--check`. 1: stale, or a doc comment is wrong. */
export async function main(argv: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const root = fileURLToPath(new URL('..', import.meta.url));
    const files = await apiPages(root);
    const folder = fileURLToPath(new URL('../docs/api', import.meta.url));
    if (values.check) {
      const stale = await staleFiles(folder, files);
      for (const file of stale) process.stderr.write(`docs/api/${file}: stale; run npm run generate\n`);
      return stale.length === 0 ? 0 : 1;
    }
    await publishFolder(folder, files);
    process.stdout.write(`docs/api: ${Object.keys(files).length} files\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`generate-api: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
