import path from 'node:path';
import { execa } from 'execa';
import { compareSurface, readExceptions, type SurfaceReport } from './compare-surface.ts';
import { asTheyAre, camelCased, pythonSpellings, surfaceItems } from './surface-items.ts';
import type { Surface } from './types.ts';

export type { SurfaceDifference, SurfaceReport } from './compare-surface.ts';

/** The comparison, and how Python spells each fact (`SurfaceFact.name` → its own name). */
export type SpeltSurfaceReport = SurfaceReport & { spelling: Record<string, string> };

/** Compares the public surface of the installed Python SDK with that of ours. */
export async function surfaceReport(
  repository: string,
  python: string,
  signal?: AbortSignal,
): Promise<SpeltSurfaceReport> {
  const exceptions = await readExceptions(path.join(repository, 'fixtures', 'surface-exceptions.yaml'));
  const surface = await readPythonSurface(repository, python, signal);
  // Loads the compiler of nine megabytes, which no other command should have to wait for.
  const { readTypeScriptSurface } = await import('./read-typescript.ts');
  const ours = surfaceItems(readTypeScriptSurface(repository), asTheyAre);
  const report = compareSurface(surfaceItems(surface, camelCased), ours.items, exceptions);
  return { ...report, spelling: Object.fromEntries(pythonSpellings(surface)) };
}

/** The numbers for `summary.json`. */
export function surfaceCounts(report: SurfaceReport): { python: number; mapped: number; exceptions: number } {
  return { python: report.python, mapped: report.mapped, exceptions: report.excepted };
}

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
