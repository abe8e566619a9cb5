import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import { type SpeltSurfaceReport, surfaceReport } from './index.ts';

/**
 * Everything that the comparison depends on: both SDKs (Python's by its lock), the code that reads and compares them,
 * the exceptions.
 */
const deciding = [
  'sdk',
  'harness/proofs/surface',
  'python-golden/surface.py',
  'python-golden/requirements.lock',
  'fixtures/surface-exceptions.yaml',
  'package-lock.json',
  'tsconfig.json',
];

/**
 * The comparison of the surfaces, kept in `.cache/surface.json` until something changes, because it takes nine seconds.
 * @param python the virtual environment's Python; undefined if there is none
 * @returns undefined if nothing is kept and there is no Python to ask
 */
export async function cachedSurface(
  repository: string,
  python: string | undefined,
  signal?: AbortSignal,
): Promise<SpeltSurfaceReport | undefined> {
  const file = path.join(repository, '.cache', 'surface.json');
  const key = keyOf(repository);
  const kept = readKept(file);
  if (kept?.key === key) return kept.report;
  if (python === undefined || !existsSync(python)) return undefined;
  const report = await surfaceReport(repository, python, signal);
  await writeWhole(file, `${JSON.stringify({ key, report })}\n`);
  return report;
}

function readKept(file: string): { key: string; report: SpeltSurfaceReport } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { key: string; report: SpeltSurfaceReport };
  } catch {
    return undefined; // None yet, or a broken one: compared anew.
  }
}

function keyOf(repository: string): string {
  const hash = createHash('sha256');
  for (const name of deciding.flatMap((part) => filesOf(repository, part)))
    hash.update(name).update(readFileSync(path.join(repository, name)));
  return hash.digest('hex');
}

function filesOf(repository: string, part: string): string[] {
  if (/\.\w+$/.test(part)) return [part];
  return readdirSync(path.join(repository, part), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(part, name))
    .sort();
}
