import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ClientId } from '../scenario/types.ts';
import type { DriverCommand } from './driver-child.ts';

export interface DriverPrograms {
  /** The Python of an environment that has `openai_codex`. */
  python: string;
}

/** Clients that a driver exists for. */
export const drivenClients = ['python', 'python-async', 'ts', 'bare'] as const satisfies readonly ClientId[];

/**
 * How to start a client's driver. `--expose-gc` is for the verb `drop`.
 * Throws for a client without a driver.
 */
export function driverCommand(client: ClientId, programs: DriverPrograms): DriverCommand {
  switch (client) {
    case 'python':
    case 'python-async':
      return { client, file: programs.python, args: [here('../../python-golden/driver.py'), client] };
    case 'ts':
    case 'bare': {
      // By its address: `--import tsx` alone would be looked for from the working directory.
      const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
      return {
        client,
        file: process.execPath,
        args: ['--expose-gc', '--import', tsx, here(`${client}/${client}-driver.ts`)],
      };
    }
    default:
      throw new Error(`no driver for client ${client}; there are drivers for ${drivenClients.join(', ')}`);
  }
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
