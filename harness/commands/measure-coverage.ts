import path from 'node:path';
import { behaviourCounts } from '../behaviours/behaviour-counts.ts';
import { allPoints } from '../coverage/all-points.ts';
import { coveragePath, writeCoverage } from '../coverage/coverage-file.ts';
import { coverageReport } from '../coverage/coverage-report.ts';
import { readExclusions } from '../coverage/exclusions.ts';
import type { Summary } from '../report/summary.ts';
import type { Session } from '../run/session.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { cachedSurface } from '../surface/cached-surface.ts';
import { surfaceCounts } from '../surface/index.ts';

/** What a run covered, for its summary; written to `coverage.json` cell by cell. The surface is none where it cannot be told. */
export async function measureCoverage(
  session: Session,
  everything: readonly LoadedScenario[],
  signal: AbortSignal,
): Promise<Pick<Summary, 'coverage'> & { surface: Summary['surface'] }> {
  const { folders, python } = session.options;
  await writeCoverage(coveragePath(folders.out), session.coverage);
  const exclusions = await readExclusions(path.join(folders.repository, 'fixtures', 'coverage-exclusions.yaml'));
  const { kinds } = coverageReport(allPoints(session.checker.contract), session.coverage, exclusions);
  const coverage: Summary['coverage'] = {};
  for (const [kind, { hit, real, total, excluded }] of Object.entries(kinds))
    coverage[kind] = { hit, real, total, excluded };
  const { proven, total } = await behaviourCounts(folders.repository, everything);
  coverage.behaviours = { hit: proven, real: proven, total, excluded: 0 };
  const surface = signal.aborted ? undefined : await cachedSurface(folders.repository, python, signal);
  return { coverage, surface: surface && surfaceCounts(surface) };
}
