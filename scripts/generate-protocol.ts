import { fileURLToPath } from 'node:url';
import { loadContract } from '../harness/contract/load-contract.ts';
import { protocolFiles } from './contract/protocol-files.ts';
import { folderOutput, runGenerator } from './generate/run-generator.ts';

const usage = `Usage: generate-protocol [--check]
Writes sdk/protocol from the committed contract.
  --check  write nothing; fail when sdk/protocol differs
`;

const generate = async () =>
  folderOutput(
    'sdk/protocol',
    fileURLToPath(new URL('../sdk/protocol', import.meta.url)),
    protocolFiles(await loadContract()),
  );

export const main = (argv: string[]): Promise<number> =>
  runGenerator({ name: 'generate-protocol', usage, generate }, argv);

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
