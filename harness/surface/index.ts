import path from 'node:path';
import { compareSurface, type SurfaceReport } from './compare-surface.ts';
import { readExceptions } from './exceptions.ts';
import { readPythonSurface } from './read-python.ts';
import { readTypeScriptSurface } from './read-typescript.ts';
import { asTheyAre, camelCased, surfaceItems } from './surface-items.ts';

export type { SurfaceDifference, SurfaceReport } from './compare-surface.ts';

/** Compares the public surface of the installed Python SDK with that of ours. */
export async function surfaceReport(repository: string, python: string, signal?: AbortSignal): Promise<SurfaceReport> {
  const exceptions = await readExceptions(path.join(repository, 'fixtures', 'surface-exceptions.yaml'));
  const reference = surfaceItems(await readPythonSurface(repository, python, signal), camelCased);
  const ours = surfaceItems(readTypeScriptSurface(repository), asTheyAre);
  return compareSurface(reference, ours.items, exceptions);
}

/** The numbers for `summary.json`. */
export function surfaceCounts(report: SurfaceReport): { python: number; mapped: number; exceptions: number } {
  return { python: report.python, mapped: report.mapped, exceptions: report.excepted };
}
