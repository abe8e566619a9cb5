import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadContract } from '../harness/contract/load-contract.ts';
import { protocolFiles } from './contract/protocol-files.ts';
import { publishFolder, staleFiles } from './contract/publish-folder.ts';

const usage = `Usage: generate-protocol [--check]
Writes sdk/protocol from the committed contract.
  --check  write nothing; fail when sdk/protocol differs
`;

/** Exit code 0: written, or up to date with `--check`. 1: stale, or the contract could not be read. */
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
    const files = protocolFiles(await loadContract());
    const folder = fileURLToPath(new URL('../sdk/protocol', import.meta.url));
    if (values.check) {
      const stale = await staleFiles(folder, files);
      for (const file of stale) process.stderr.write(`sdk/protocol/${file}: stale; run npm run generate\n`);
      return stale.length === 0 ? 0 : 1;
    }
    await publishFolder(folder, files);
    process.stdout.write(`sdk/protocol: ${Object.keys(files).length} files\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`generate-protocol: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
