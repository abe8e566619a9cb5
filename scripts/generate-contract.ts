import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { contractFolder } from '../harness/contract/load-contract.ts';
import { resolveEngine } from '../native/index.ts';
import { buildContract, contractFiles } from './contract/build-contract.ts';
import { readEngineSchemas } from './contract/read-engine-schema.ts';
import { folderOutput, type GeneratedOutput, runGenerator } from './generate/run-generator.ts';

const usage = `Usage: generate-contract [--check] [--engine PATH]
Writes fixtures/contract/VERSION from what the engine says of its own protocol.
  --check        write nothing; fail when the committed contract differs
  --engine PATH  the engine to ask (default: the pinned one)
`;

const options = { engine: { type: 'string' } } as const;

async function generate({ engine: given }: Readonly<Record<string, unknown>>): Promise<GeneratedOutput> {
  const engine = typeof given === 'string' ? { path: given, sha256: await sha256(given) } : await resolveEngine();
  const contract = buildContract(await readEngineSchemas(engine.path), engine.sha256);
  const place = `fixtures/contract/${contract.version}`;
  const summary = `${contract.index.counts.types} types`;
  return folderOutput(place, contractFolder(contract.version), contractFiles(contract), summary);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export const main = (argv: string[]): Promise<number> =>
  runGenerator({ name: 'generate-contract', usage, options, generate }, argv);

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
