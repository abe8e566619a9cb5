import path from 'node:path';
import { compareSurface, type SurfaceReport } from './compare-surface.ts';
import { readExceptions } from './exceptions.ts';
import { readPythonSurface } from './read-python.ts';
import { asTheyAre, camelCased, pythonSpellings, surfaceItems } from './surface-items.ts';

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
