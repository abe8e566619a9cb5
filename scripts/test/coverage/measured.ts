import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What has to be reached by tests. */
export const measuredFolders = ['sdk', 'testing'] as const;

/** The stages whose tests count. */
export const measuredStages = ['unit', 'process', 'engine'] as const;

/** Where the figures of a stage are. */
export const coverageOf = (outFolder: string, stage: string): string => path.join(outFolder, 'coverage', stage);

/** Where the programs that its tests start write theirs. */
export const programsOf = (outFolder: string, stage: string): string =>
  path.join(coverageOf(outFolder, stage), 'programs');

/** Names the folder of started programs to vitest's configuration, which names it to the tests: a worker that had it from its start would write its own figures too. */
export const programsVariable = 'TWINPROOF_COVERAGE_OF_PROGRAMS';

/** How a vitest stage is started so that it measures. Empties the stage's folder. */
export function measuring(root: string, outFolder: string, stage: string): { args: string[]; env: NodeJS.ProcessEnv } {
  const [folder, programs] = [coverageOf(outFolder, stage), programsOf(outFolder, stage)];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(programs, { recursive: true });
  return {
    args: [
      '--coverage.enabled',
      '--coverage.provider=v8',
      '--coverage.reporter=json',
      // The folder of the programs is in it.
      '--coverage.clean=false',
      // A failed test is told by its stage; the figures are of what ran.
      '--coverage.reportOnFailure',
      `--coverage.reportsDirectory=${folder}`,
      ...filesOf(root, stage),
      '--coverage.exclude=**/test-fixtures/**',
    ],
    env: { [programsVariable]: programs },
  };
}

/** The files that count. One stage gives all of them, those that nothing loads too: to read them takes a second of each stage. */
function filesOf(root: string, stage: string): string[] {
  if (stage === measuredStages[0]) return measuredFolders.map((name) => `--coverage.include=${name}/**/*.ts`);
  const others = readdirSync(root).filter((name) => !measuredFolders.some((measured) => measured === name));
  return others.map((name) => `--coverage.exclude=${name}/**`);
}
