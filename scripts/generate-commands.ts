import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderCommandPage } from '../harness/commands/command-page.ts';
import { writeWhole } from '../testing/files/write-whole.ts';
import { type GeneratedOutput, runGenerator } from './generate/run-generator.ts';

const usage = `Usage: generate-commands [--check]
Writes docs/commands.md from the definitions of the commands.
  --check  write nothing; fail when docs/commands.md differs
`;

async function generate(): Promise<GeneratedOutput> {
  const text = await renderCommandPage();
  const file = fileURLToPath(new URL('../docs/commands.md', import.meta.url));
  const place = `docs/${path.basename(file)}`;
  return {
    stale: async () => ((await readFile(file, 'utf8').catch(() => '')) === text ? [] : [place]),
    write: () => writeWhole(file, text),
    summary: `${place}: ${text.split('\n## ').length - 1} commands`,
  };
}

export const main = (argv: string[]): Promise<number> =>
  runGenerator({ name: 'generate-commands', usage, generate }, argv);

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
