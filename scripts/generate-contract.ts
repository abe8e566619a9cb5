import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contractFolder } from '../harness/contract/load-contract.ts';
import { resolveEngine } from '../native/index.ts';
import { buildContract, contractFiles } from './contract/build-contract.ts';
import { publishFolder, staleFiles } from './contract/publish-folder.ts';
import { readEngineSchemas } from './contract/read-engine-schema.ts';

const usage = `Usage: generate-contract [--check] [--engine PATH]
Writes fixtures/contract/VERSION from what the engine says of its own protocol.
  --check        write nothing; fail when the committed contract differs
  --engine PATH  the engine to ask (default: the pinned one)
`;

/** Exit code 0: written, or up to date with `--check`. 1: stale, or the engine could not be read. */
export async function main(argv: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { check: { type: 'boolean' }, engine: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const engine =
      values.engine === undefined
        ? await resolveEngine()
        : { path: values.engine, sha256: await sha256(values.engine) };
    const contract = buildContract(await readEngineSchemas(engine.path), engine.sha256);
    const files = contractFiles(contract);
    const folder = contractFolder(contract.version);
    if (values.check) {
      const stale = await staleFiles(folder, files);
      for (const file of stale)
        process.stderr.write(`fixtures/contract/${contract.version}/${file}: stale; run npm run generate\n`);
      return stale.length === 0 ? 0 : 1;
    }
    await publishFolder(folder, files);
    process.stdout.write(`fixtures/contract/${contract.version}: ${contract.index.counts.types} types\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`generate-contract: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
