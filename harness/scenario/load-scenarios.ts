import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadContract } from '../contract/load-contract.ts';
import type { Contract } from '../contract/types.ts';
import { checkFacts } from './check-facts.ts';
import { checkLatches, checkNames } from './check-names.ts';
import { checkScript } from './check-script.ts';
import { ShapeChecker } from './check-shape.ts';
import { matchesId } from './id-glob.ts';
import { ScenarioError, type ScenarioProblem } from './scenario-error.ts';
import { checkValues } from './typed-values.ts';
import type { Family, LoadedScenario, Scenario } from './types.ts';
import { YamlSource } from './yaml-source.ts';

export interface LoadOptions {
  /** Only scenarios whose id matches (see `matchesId`). Files that do not match are not read. */
  glob?: string;
  family?: Family;
}

/** Compiling the schema costs more than reading all scenarios: once per process. */
let shape: ShapeChecker | undefined;

const committed = fileURLToPath(new URL('../../fixtures/scenarios', import.meta.url));

/**
 * The scenarios of a folder (default: `fixtures/scenarios`) and its subfolders, sorted by id. `file` is absolute.
 *
 * @throws ScenarioError with every problem of every file.
 */
export async function loadScenarios(
  dir: string = committed,
  { glob, family }: LoadOptions = {},
): Promise<LoadedScenario[]> {
  const contract = await loadContract();
  shape ??= new ShapeChecker();
  const names = (await readdir(dir, { recursive: true })).filter((name) => /\.ya?ml$/.test(name));
  const problems: ScenarioProblem[] = [];
  const scenarios: LoadedScenario[] = [];
  for (const name of names.sort()) {
    const id = name
      .split(sep)
      .join('/')
      .replace(/\.ya?ml$/, '');
    if (glob !== undefined && !matchesId(id, glob)) continue;
    const file = join(dir, name);
    const result = readScenario(await readFile(file, 'utf8'), { file, id, contract, shape });
    problems.push(...result.problems.map((problem) => ({ ...problem, file: relative(process.cwd(), file) || file })));
    if (result.scenario !== undefined && (family === undefined || result.scenario.family === family))
      scenarios.push(result.scenario);
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return scenarios;
}

interface Reading {
  file: string;
  /** The id that the file's path gives. */
  id: string;
  contract: Contract;
  shape: ShapeChecker;
}

/** One scenario from its text. Meaning is checked once the shape is right: until then nothing can be said of it. */
export function readScenario(
  text: string,
  { file, id, contract, shape }: Reading,
): { scenario?: LoadedScenario; problems: ScenarioProblem[] } {
  const source = new YamlSource(file, text);
  if (source.syntaxProblems.length > 0) return { problems: source.syntaxProblems };
  const problems: ScenarioProblem[] = [];
  const report = (...args: Parameters<YamlSource['problem']>): void => {
    problems.push(source.problem(...args));
  };
  const { value } = source;
  if (shape.check(value, report)) {
    const scenario = value as Scenario;
    for (const check of [checkNames, checkLatches, checkValues]) check(scenario, report);
    checkFacts(scenario, id, contract, report);
    checkScript(scenario, contract, report);
    if (problems.length === 0)
      return {
        scenario: {
          ...scenario,
          // A script is the fake's alone.
          ...(scenario.engine !== undefined && { engines: ['fake' as const] }),
          file,
          stepLines: scenario.steps.map((_, i) => source.line(['steps', i])),
        },
        problems,
      };
  }
  return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}
