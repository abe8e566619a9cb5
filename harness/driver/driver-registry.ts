import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { clientTable, type KnownClientId } from '../clients/clients.ts';
import { bundleProgram } from './bundle-program.mjs';
import type { DriverCommand } from './driver-child.ts';
import { keptBundle } from './kept-bundle.mjs';

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

/**
 * The same, with a driver in TypeScript bundled to one file of `dist/drivers`: it starts in a fifth of the time. Where that folder cannot be written, it
 * starts from its sources.
 * @throws esbuild's Error if a source cannot be bundled
 */
export async function bundledCommand(client: KnownClientId, programs: DriverPrograms): Promise<DriverCommand> {
  const command = driverCommand(client, programs);
  const { language, driver } = clientTable[client];
  if (language === 'python') return command;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const name = `${path.basename(driver, '.ts')}.mjs`;
  try {
    const { file } = await keptBundle(path.join(root, 'dist', 'drivers'), name, () =>
      bundleProgram(path.join(root, driver)),
    );
    return { client, file: process.execPath, args: ['--expose-gc', file, client] };
  } catch (error) {
    const { code = '' } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(code)) throw error;
    return command;
  }
}
