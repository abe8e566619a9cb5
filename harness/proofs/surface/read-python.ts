import path from 'node:path';
import { execa } from 'execa';
import type { Surface } from './types.ts';

/**
 * Reads the public surface of the installed official Python SDK by asking the SDK itself.
 * @param python the Python program of the virtual environment
 * @throws Error if that program cannot be asked
 */
export async function readPythonSurface(repository: string, python: string, signal?: AbortSignal): Promise<Surface> {
  const program = path.join(repository, 'python-golden', 'surface.py');
  try {
    const { stdout } = await execa(python, [program], { ...(signal ? { cancelSignal: signal } : {}), timeout: 60_000 });
    return JSON.parse(stdout) as Surface;
  } catch (cause) {
    throw new Error(`Reading the surface of the Python SDK with ${path.relative(repository, program)} failed`, {
      cause,
    });
  }
}
