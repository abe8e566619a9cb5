import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeImport } from './judge-import.ts';
import { readImports } from './read-imports.ts';

/** Something wrong with one import; `file` relative to the root with `/`, `line` from 1. */
export interface ImportProblem {
  file: string;
  line: number;
  message: string;
}

/** The folders whose imports are checked; also the tree's root files, but not what is under other folders. */
export const checkedFolders = [
  'native',
  'sdk',
  'testing',
  'harness',
  'cli',
  'scripts',
  'ci',
  'fake-codex-rs',
  'python-golden',
  'examples',
];

const sourceName = /\.(?:ts|tsx|mts|cts|js|mjs|cjs)$/;

/**
 * Checks the direction of all imports, types included, and that no files import one another's values in a circle.
 * Circles of types are allowed: they do not exist at run time.
 * @param root the repository's folder
 * @returns all problems, by file and line; empty when all is well
 */
export function checkImports(root: string): ImportProblem[] {
  const files = checkedFolders.flatMap((folder) => sourcesUnder(root, folder)).sort();
  const known = new Set(files);
  const problems: ImportProblem[] = [];
  const values = new Map<string, Map<string, number>>();
  for (const file of files) {
    const targets = new Map<string, number>();
    for (const found of readImports(file, readFileSync(join(root, file), 'utf8'))) {
      const message = judgeImport(file, found);
      if (message !== undefined) problems.push({ file, line: found.line, message });
      if (!found.typeOnly && found.target !== undefined && known.has(found.target))
        targets.set(found.target, found.line);
    }
    values.set(file, targets);
  }
  for (const cycle of findCycles(values)) {
    const [first = '', second = first] = cycle;
    problems.push({
      file: first,
      line: values.get(first)?.get(second) ?? 1,
      message: `circular import: ${[...cycle, first].join(' → ')}`,
    });
  }
  return problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

function sourcesUnder(root: string, folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => sourceName.test(name) && !/\/(?:node_modules|dist|__pycache__)\//.test(name));
}

/**
 * One circle for each group of files that import one another, its first file the first by name.
 * @param edges file → files it imports
 */
function findCycles(edges: ReadonlyMap<string, { keys(): Iterable<string> }>): string[][] {
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push(rotate(path.slice(path.indexOf(file))));
      return;
    }
    state.set(file, 'open');
    path.push(file);
    for (const next of [...(edges.get(file)?.keys() ?? [])].sort()) visit(next);
    path.pop();
    state.set(file, 'done');
  };
  for (const file of [...edges.keys()].sort()) visit(file);
  return cycles;
}

function rotate(cycle: string[]): string[] {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
