import { fileURLToPath } from 'node:url';
import { apiPages } from './api/api-pages.ts';
import { folderOutput, runGenerator } from './generate/run-generator.ts';

const usage = `Usage: generate-api [--check]
Writes docs/api from the doc comments of what the package exports.
  --check  write nothing; fail when docs/api differs
`;

const generate = async () =>
  folderOutput(
    'docs/api',
    fileURLToPath(new URL('../docs/api', import.meta.url)),
    await apiPages(fileURLToPath(new URL('..', import.meta.url))),
  );

export const main = (argv: string[]): Promise<number> => runGenerator({ name: 'generate-api', usage, generate }, argv);

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
