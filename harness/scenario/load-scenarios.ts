import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { readEngineLock } from '../../native/index.ts';
import type { Family } from '../clients/clients.ts';
import type { Contract } from '../contract/types.ts';
import { loadWindowContract } from '../contract/window.ts';
import { DataError, type DataProblem } from '../data/data-error.ts';
import { YamlSource } from '../data/yaml-source.ts';
import { checkAnswers } from './check-answers.ts';
import { checkFacts } from './check-facts.ts';
import { checkScript } from './check-script.ts';
import { ShapeChecker } from './check-shape.ts';
import { checkStands } from './check-stands.ts';
import { expandMatrix } from './expand-matrix.ts';
import { matchesId } from './id-glob.ts';
import { readIndex, type SoundFile, stampOf, writeIndex } from './scenario-index.ts';
import { checkValues } from './typed-values.ts';
import type { LoadedScenario, WrittenScenario } from './types.ts';

export interface LoadOptions {
  /** Only scenarios with a matching id (see `matchesId`). Other files are not read. */
  glob?: string;
  family?: Family;
}

/** Compiling the schema costs more than reading all scenarios, so it is done once per process. */
let shape: ShapeChecker | undefined;

const committed = fileURLToPath(new URL('../../fixtures/scenarios', import.meta.url));

/**
 * The scenarios of a folder (default: `fixtures/scenarios`) and its subfolders, sorted by id. `file` is absolute.
 *
 * @throws DataError with every problem of every file
 */
export async function loadScenarios(
  dir: string = committed,
  { glob, family }: LoadOptions = {},
): Promise<LoadedScenario[]> {
  // The scenarios of a file with a matrix have ids below its own.
  const names = (await namesIn(dir)).filter((name) => {
    const id = idOf(name);
    return glob === undefined || matchesId(id, glob) || mayHaveCases(id, glob);
  });
  return [...(await readFiles(dir, names)).values()]
    .flat()
    .filter(
      (scenario) =>
        (family === undefined || scenario.family === family) && (glob === undefined || matchesId(scenario.id, glob)),
    )
    .sort((a, b) => byText(a.id, b.id));
}

/** What a selection needs of a folder of scenarios. */
export interface Library {
  /** Of every scenario of the folder, sorted. */
  ids: string[];
  /** Those that a glob matches, sorted by id; without a glob all of them. */
  scenarios: LoadedScenario[];
}

/**
 * The scenarios that one of the globs matches, and the ids of all. Every file is read and checked, except one that `index` knows to be sound as it is now, and
 * in which no glob matches: reading them all takes most of the time of a run of one cell.
 * @param index file that keeps the ids; it is ignored where it is broken or cannot be written
 * @param now a file that was written just before is not kept
 * @throws DataError with every problem of every file
 */
export async function loadLibrary(
  dir: string,
  globs: readonly string[],
  index: string,
  now: () => number = Date.now,
): Promise<Library> {
  const isWanted = (id: string) => globs.length === 0 || globs.some((glob) => matchesId(id, glob));
  const [kept, names] = await Promise.all([readIndex(index, dir), namesIn(dir)]);
  const sound = new Map<string, SoundFile>();
  for (const name of names) {
    // Before the file is read: what is written meanwhile makes it another one.
    const stamp = stampOf(join(dir, name), now());
    const known = kept.get(name);
    sound.set(name, { stamp, ids: stamp !== undefined && known?.stamp === stamp ? known.ids : [] });
  }
  const unread = (name: string) => {
    const ids = sound.get(name)?.ids ?? [];
    return ids.length > 0 && !ids.some(isWanted);
  };
  const read = await readFiles(
    dir,
    names.filter((name) => !unread(name)),
  );
  for (const [name, scenarios] of read) {
    sound.set(name, { stamp: sound.get(name)?.stamp, ids: scenarios.map(({ id }) => id) });
  }
  if (!isDeepStrictEqual(sound, kept)) await writeIndex(index, dir, sound);
  return {
    ids: [...sound.values()].flatMap(({ ids }) => ids).sort(byText),
    scenarios: [...read.values()]
      .flat()
      .filter(({ id }) => isWanted(id))
      .sort((a, b) => byText(a.id, b.id)),
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

/** The files of a folder that have scenarios, sorted. */
const namesIn = async (dir: string): Promise<string[]> =>
  (await readdir(dir, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort();

/** The id that a file's path gives. */
const idOf = (name: string): string =>
  name
    .split(sep)
    .join('/')
    .replace(/\.ya?ml$/, '');

/** The scenarios of each of these files. @throws DataError with every problem of every file */
async function readFiles(dir: string, names: readonly string[]): Promise<Map<string, LoadedScenario[]>> {
  const contract = await loadWindowContract();
  shape ??= new ShapeChecker();
  const window = Object.keys(readEngineLock().engines);
  const problems: DataProblem[] = [];
  const read = new Map<string, LoadedScenario[]>();
  for (const name of names) {
    const file = join(dir, name);
    const result = readScenarios(await readFile(file, 'utf8'), { file, id: idOf(name), contract, shape, window });
    problems.push(...result.problems.map((problem) => ({ ...problem, file: relative(process.cwd(), file) || file })));
    read.set(name, result.scenarios);
  }
  if (problems.length > 0) throw new DataError(problems);
  return read;
}

/** Whether a glob may match a case of the file with this id. */
const mayHaveCases = (id: string, glob: string): boolean => glob.startsWith(`${id}/`) || /[*?{]/.test(glob);

interface Reading {
  file: string;
  /** The id that the file's path gives. */
  id: string;
  contract: Contract;
  shape: ShapeChecker;
  /** The versions of the engine that it must be sound on. Default: those of the lock. */
  window?: readonly string[];
}

/**
 * The scenarios of one file: one, or with `matrix` one for each case. The meaning is checked only if the shape is
 * valid.
 */
export function readScenarios(
  text: string,
  { file, id, contract, shape, window = Object.keys(readEngineLock().engines) }: Reading,
): { scenarios: LoadedScenario[]; problems: DataProblem[] } {
  const source = new YamlSource(file, text);
  // The name that scripts had: scenarios that others keep still have it.
  source.rename('engine', 'script');
  if (source.syntaxProblems.length > 0) return { scenarios: [], problems: source.syntaxProblems };
  const problems = new Map<string, DataProblem>();
  const report = (...args: Parameters<YamlSource['problem']>): void => {
    const problem = source.problem(...args);
    // A problem of the file is a problem of each of its cases.
    problems.set(`${problem.line}:${problem.column}: ${problem.message}`, problem);
  };
  const scenarios = expandMatrix(source.value, report).flatMap(({ value, name }): LoadedScenario[] => {
    if (!shape.check(value, report)) return [];
    const { matrix: _, ...scenario } = value as WrittenScenario;
    checkValues(scenario, report);
    checkFacts(scenario, name === undefined ? id : `${id}/${name}`, contract, report);
    checkStands(scenario, window, report);
    checkAnswers(scenario, contract, report);
    checkScript(scenario, contract, report);
    return [
      {
        ...scenario,
        // Only the fake plays a script.
        ...(scenario.script !== undefined && { engines: ['fake' as const] }),
        file,
        idLine: source.line(['id']),
        stepLines: scenario.steps.map((_, i) => source.line(['steps', i])),
        ...(name !== undefined && { expandedFrom: id }),
      },
    ];
  });
  if (problems.size === 0) return { scenarios, problems: [] };
  return { scenarios: [], problems: [...problems.values()].sort((a, b) => a.line - b.line || a.column - b.column) };
}
