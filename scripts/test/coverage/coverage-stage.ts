import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import coverageLibrary, { type CoverageMap, type FileCoverage } from 'istanbul-lib-coverage';
import { failure } from '../../../harness/commands/failed-list.ts';
import { expectedGot } from '../../../native/expected-got.mjs';
import type { Stage } from '../run-stages.ts';
import { coverageOf, measuredFolders, measuredStages, programsOf } from './measured.ts';
import { addStartedPrograms } from './started-programs.ts';

/** Of all lines, and of all branches, in percent: below, the stage fails. */
const goal = 95;

export interface FolderCoverage {
  folder: string;
  kind: 'lines' | 'branches';
  covered: number;
  total: number;
}

/** How much of the SDK and the test kit the tests of this run reached: two figures for each folder, each counts as one test. */
export const coverageStage: Stage = {
  name: 'coverage',
  needs: [],
  after: measuredStages,
  run: async ({ root, outFolder }) => {
    const map = coverageLibrary.createCoverageMap();
    for (const stage of measuredStages) {
      const file = path.join(coverageOf(outFolder, stage), 'coverage-final.json');
      if (!existsSync(file))
        throw new Error(expectedGot('measuring coverage', `the figures of the stage ${stage}`, `no ${file}`));
      map.merge(JSON.parse(readFileSync(file, 'utf8')));
    }
    const programs = measuredStages.map((stage) => programsOf(outFolder, stage)).filter((folder) => existsSync(folder));
    for (const folder of programs) {
      addStartedPrograms(map, folder);
      // Half a gigabyte in a whole run.
      rmSync(folder, { recursive: true });
    }
    const listed = path.join(outFolder, 'coverage.txt');
    writeFileSync(
      listed,
      uncovered(map, root)
        .map((line) => `${line}\n`)
        .join(''),
    );
    const figures = byFolder(map, root);
    const low = figures.filter(({ covered, total }) => covered * 100 < goal * total);
    const say = ({ folder, kind, covered, total }: FolderCoverage) =>
      `${folder}: ${((100 * covered) / total).toFixed(2)} % of ${total} ${kind}`;
    return {
      passed: figures.length - low.length,
      failed: low.length,
      details: [...figures.map(say), `What no test reached: ${path.relative(root, listed)}`].join('\n'),
      failures: low.map((figure) => failure('coverage', `${say(figure)}, expected at least ${goal} %`)),
    };
  },
};

/** Exported for its test. */
export function byFolder(map: CoverageMap, root: string): FolderCoverage[] {
  return measuredFolders.flatMap((folder) => {
    const files = map.files().filter((file) => path.relative(root, file).startsWith(`${folder}/`));
    return (['lines', 'branches'] as const).map((kind) => {
      const sums = files.map((file) => map.fileCoverageFor(file).toSummary().data[kind]);
      const sum = (of: 'covered' | 'total') => sums.reduce((all, one) => all + one[of], 0);
      return { folder, kind, covered: sum('covered'), total: sum('total') };
    });
  });
}

/** `sdk/a.ts:12: line` or `sdk/a.ts:14:7: if, way 2 of 2`, in the order of the files. Exported for its test. */
export function uncovered(map: CoverageMap, root: string): string[] {
  return map
    .files()
    .sort()
    .flatMap((file) => {
      const coverage = map.fileCoverageFor(file);
      const name = path.relative(root, file);
      return [...linesIn(coverage), ...branchesIn(coverage)]
        .sort((a, b) => a.line - b.line)
        .map(({ says }) => `${name}:${says}`);
    });
}

const linesIn = (coverage: FileCoverage) =>
  coverage.getUncoveredLines().map((line) => ({ line: Number(line), says: `${line}: line` }));

const branchesIn = ({ data }: FileCoverage) =>
  Object.entries(data.branchMap).flatMap(([id, { type, loc, locations }]) =>
    locations.flatMap((place, way) => {
      if ((data.b[id]?.[way] ?? 0) > 0) return [];
      const { line, column } = place.start.line === undefined ? loc.start : place.start;
      return { line, says: `${line}:${column}: ${type}, way ${way + 1} of ${locations.length}` };
    }),
  );
