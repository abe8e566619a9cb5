import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { clientTable, type KnownClientId } from '../clients/clients.ts';
import type { DriverCommand } from './driver-child.ts';

export interface DriverPrograms {
  /** The Python of an environment that has `openai_codex`. */
  python: string;
}

/** How to start a client's driver. The verb `drop` needs `--expose-gc`. */
export function driverCommand(client: KnownClientId, programs: DriverPrograms): DriverCommand {
  const { language, driver } = clientTable[client];
  const program = fileURLToPath(new URL(`../../${driver}`, import.meta.url));
  return language === 'python'
    ? { client, file: programs.python, args: [program, client] }
    : { client, file: process.execPath, args: [...typescript(), program, client] };
}

/** By its URL: `--import tsx` alone would be resolved from the working directory. */
function typescript(): string[] {
  return ['--expose-gc', '--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}
