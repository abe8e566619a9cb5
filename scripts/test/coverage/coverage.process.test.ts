import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import coverageLibrary, { type CoverageMap, type Range } from 'istanbul-lib-coverage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StageContext } from '../run-stages.ts';
import { byFolder, coverageStage, uncovered } from './coverage-stage.ts';
import { coverageOf, measuredStages, programsOf } from './measured.ts';
import { addStartedPrograms } from './started-programs.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
const ways = path.join(import.meta.dirname, 'test-fixtures', 'ways.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'coverage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = (line: number, column: number, endLine = line, endColumn = 200): Range => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});
/** As vitest writes it for an `else` that is not there. */
const nowhere = { start: {}, end: {} } as Range;

/** What vitest would give for the fixture, had nothing of it run in its own processes. */
function nothingRan(): CoverageMap {
  const at = (line: number, column: number) => place(line, column);
  const branch = (type: string, loc: Range, locations: Range[]) => ({ type, loc, locations, line: loc.start.line });
  return coverageLibrary.createCoverageMap({
    [ways]: {
      path: ways,
      statementMap: { 0: at(2, 2), 1: at(3, 4), 2: at(5, 2), 3: at(5, 17), 4: at(6, 7) },
      fnMap: {},
      branchMap: {
        0: branch('if', place(2, 2, 4, 3), [place(2, 2, 4, 3), nowhere]),
        1: branch('if', place(5, 2, 6, 51), [place(5, 2, 6, 51), at(6, 7)]),
        2: branch('cond-expr', at(6, 14), [at(6, 33), at(6, 43)]),
        3: branch('default-arg', at(1, 34), [at(1, 42)]),
      },
      s: { 0: 0, 1: 0, 2: 0, 3: 0, 4: 0 },
      f: {},
      b: { 0: [0, 0], 1: [0, 0], 2: [0, 0], 3: [0] },
    },
  });
}

const started = (...names: string[]) =>
  execa(process.execPath, ['--import', import.meta.resolve('tsx'), ways, ...names], {
    env: { NODE_V8_COVERAGE: folder },
  });

test('what a started program ran counts, each way of each branch, over several programs', async () => {
  expect((await started('first')).stdout).toBe('one');
  const map = nothingRan();
  addStartedPrograms(map, folder);
  const { data } = map.fileCoverageFor(ways);
  expect(data.b).toEqual({ 0: [1, 0], 1: [0, 0], 2: [0, 0], 3: [1] });
  expect(data.s).toEqual({ 0: 1, 1: 1, 2: 0, 3: 0, 4: 0 });
  expect(uncovered(map, root).filter((line) => line.includes(': if'))).toEqual([
    'scripts/test/coverage/test-fixtures/ways.ts:2:2: if, way 2 of 2',
    'scripts/test/coverage/test-fixtures/ways.ts:5:2: if, way 1 of 2',
    'scripts/test/coverage/test-fixtures/ways.ts:6:7: if, way 2 of 2',
  ]);

  expect((await started('many', 'third', 'third', 'x')).stdout).toBe('many three three other');
  // V8 counts a default as often as its function.
  const both = nothingRan();
  addStartedPrograms(both, folder);
  expect(both.fileCoverageFor(ways).data.b).toEqual({ 0: [1, 4], 1: [1, 3], 2: [2, 1], 3: [5] });
  expect(uncovered(both, root)).toEqual([]);
});

test('a file of a program that was killed while it wrote counts nothing', async () => {
  await started('first');
  writeFileSync(path.join(folder, 'coverage-1-1-0.json'), '{"result":[{"url":"file:///');
  const map = nothingRan();
  addStartedPrograms(map, folder);
  expect(map.fileCoverageFor(ways).data.s[0]).toBe(1);
});

test('the stage names the figures that are below the goal, and lists the places that no test reached', async () => {
  const inFolder = (name: string, hit: number) => {
    const file = path.join(folder, name);
    return {
      [file]: { path: file, statementMap: { 0: place(1, 0) }, fnMap: {}, branchMap: {}, s: { 0: hit }, f: {}, b: {} },
    };
  };
  for (const stage of measuredStages) {
    mkdirSync(coverageOf(folder, stage), { recursive: true });
    const files = { ...inFolder('sdk/a.ts', stage === 'engine' ? 1 : 0), ...inFolder('testing/b.ts', 0) };
    writeFileSync(path.join(coverageOf(folder, stage), 'coverage-final.json'), JSON.stringify(files));
    mkdirSync(programsOf(folder, stage));
  }
  const result = await coverageStage.run({ root: folder, outFolder: folder } as StageContext);
  expect(result).toMatchObject({ passed: 3, failed: 1 });
  expect(result.failures).toEqual(['coverage: testing: 0.00 % of 1 lines, expected at least 95 %']);
  expect(result.details).toContain('sdk: 100.00 % of 1 lines');
  expect(measuredStages.map((stage) => existsSync(programsOf(folder, stage)))).toEqual([false, false, false]);
});

test('without the figures of a stage there is no figure', async () => {
  await expect(coverageStage.run({ root: folder, outFolder: folder } as StageContext)).rejects.toThrow(
    'expected the figures of the stage unit',
  );
  expect(byFolder(coverageLibrary.createCoverageMap(), folder).map(({ total }) => total)).toEqual([0, 0, 0, 0]);
});
