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
 * Checks the direction of all imports, types included; that no two folders of `harness` import each other; that no files import one another in a circle.
 * Circles in which an import is of types alone do not exist at run time: those that are listed may be.
 * @param root the repository's folder
 * @returns all problems, by file and line; empty when all is well
 */
export function checkImports(root: string, allowed: readonly TypeCircle[] = typeCircles): ImportProblem[] {
  const files = checkedFolders.flatMap((folder) => sourcesUnder(root, folder)).sort();
  const known = new Set(files);
  const problems: ImportProblem[] = [];
  const values = new Map<string, Map<string, number>>();
  const all = new Map<string, Map<string, number>>();
  const imports: FolderImport[] = [];
  for (const file of files) {
    const targets = new Map<string, number>();
    const every = new Map<string, number>();
    for (const found of readImports(file, readFileSync(join(root, file), 'utf8'))) {
      const message = judgeImport(file, found);
      if (message !== undefined) problems.push({ file, line: found.line, message });
      if (found.target === undefined || !known.has(found.target)) continue;
      every.set(found.target, found.line);
      if (!found.typeOnly) targets.set(found.target, found.line);
      imports.push({ file, line: found.line, target: found.target });
    }
    values.set(file, targets);
    all.set(file, every);
  }
  for (const { file, line, message } of mutualFolders(imports)) problems.push({ file, line, message });
  const inValues = new Set(findGroups(values).flat());
  for (const group of findGroups(all)) {
    if (group.every((file) => inValues.has(file))) continue;
    if (allowed.some(({ files: one }) => one.join() === group.join())) continue;
    const [first = ''] = group;
    const line = [...(all.get(first) ?? [])].find(([target]) => group.includes(target))?.[1] ?? 1;
    problems.push({
      file: first,
      line,
      message: `expected no circle of types but those of scripts/imports/check-imports.ts, got one of ${group.join(', ')}`,
    });
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
    .filter((name) => sourceName.test(name) && !/\/(?:node_modules|dist|__pycache__)\/|^native\/codex\//.test(name));
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

/** Groups of two and more files that reach one another, each sorted by name. @param edges file → files it imports */
function findGroups(edges: ReadonlyMap<string, { keys(): Iterable<string> }>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const waiting = new Set<string>();
  const groups: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    stack.push(file);
    waiting.add(file);
    for (const next of edges.get(file)?.keys() ?? []) {
      const reached = order.has(next) ? (waiting.has(next) ? (order.get(next) as number) : own) : visit(next);
      lowest.set(file, Math.min(lowest.get(file) as number, reached));
    }
    if (lowest.get(file) === own) {
      const group = stack.splice(stack.indexOf(file));
      for (const one of group) waiting.delete(one);
      if (group.length > 1) groups.push(group.sort());
    }
    return lowest.get(file) as number;
  };
  for (const file of edges.keys()) if (!order.has(file)) visit(file);
  return groups.sort((a, b) => ((a[0] as string) < (b[0] as string) ? -1 : 1));
}

/** Files that import one another in a circle of which at least one import is of types alone, and why they may. */
interface TypeCircle {
  /** Sorted by name. */
  files: readonly string[];
  reason: string;
}

/** The circles of types that are there: none. They do not exist at run time; a new one is refused, so that it is either resolved or named here. */
export const typeCircles: readonly TypeCircle[] = [];

/** Folders of `harness` that are told apart: each of its own, and within `proofs` each proof. */
function foldersOf(file: string): string[] {
  const [first, second, third, ...rest] = file.split('/');
  if (first !== 'harness' || second === undefined || third === undefined) return [];
  return second === 'proofs' && rest.length > 0 ? ['proofs', `proofs/${third}`] : [second];
}

/** Two files of different folders of `harness`, of which one imports the other. */
interface FolderImport {
  file: string;
  line: number;
  target: string;
}

/** Imports by which two folders of `harness` import each other, tests included: those of the direction that fewer files go. */
function mutualFolders(imports: readonly FolderImport[]): (FolderImport & { message: string })[] {
  const edges = new Map<string, FolderImport[]>();
  for (const one of imports) {
    for (const from of foldersOf(one.file)) {
      for (const to of foldersOf(one.target)) {
        // A proof is part of `proofs`: that is no direction.
        if (from === to || from.startsWith(`${to}/`) || to.startsWith(`${from}/`)) continue;
        const edge = `${from} ${to}`;
        edges.set(edge, [...(edges.get(edge) ?? []), one]);
      }
    }
  }
  const problems = new Map<FolderImport, string>();
  for (const [edge, found] of edges) {
    const [from, to] = edge.split(' ') as [string, string];
    const back = edges.get(`${to} ${from}`);
    if (back === undefined || found.length > back.length || (found.length === back.length && from > to)) continue;
    const other = back[0] as FolderImport;
    for (const one of found)
      problems.set(
        one,
        `harness/${from} imports ${one.target}: expected no two folders of harness to import each other, ` +
          `got ${other.file} importing ${other.target}`,
      );
  }
  return [...problems].map(([one, message]) => ({ ...one, message }));
}
