import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ClientId } from '../clients/types.ts';
import type { DriverCommand } from './driver-child.ts';

export interface DriverPrograms {
  /** The Python of an environment that has `openai_codex`. */
  python: string;
}

/** How to start a client's driver. The verb `drop` needs `--expose-gc`. */
export function driverCommand(client: ClientId, programs: DriverPrograms): DriverCommand {
  switch (client) {
    case 'python':
    case 'python-async':
    case 'python-exec':
      return { client, file: programs.python, args: [here('../../python-golden/driver.py'), client] };
    case 'ts':
    case 'bare':
      return { client, file: process.execPath, args: [...typescript(), here(`${client}/${client}-driver.ts`)] };
    case 'ts-official':
    case 'ts-exec':
      return { client, file: process.execPath, args: [...typescript(), here('exec/exec-driver.ts'), client] };
  }
}

/** By its URL: `--import tsx` alone would be resolved from the working directory. */
function typescript(): string[] {
  return ['--expose-gc', '--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
