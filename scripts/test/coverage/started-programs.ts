import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { allGeneratedPositionsFor, LEAST_UPPER_BOUND, TraceMap } from '@jridgewell/trace-mapping';
import type { CoverageMap, FileCoverage, Range } from 'istanbul-lib-coverage';
import ts from 'typescript';

/** What Node writes for each process that has NODE_V8_COVERAGE; the parts that are read. */
interface ProcessCoverage {
  result: { url: string; functions: { ranges: CountedRange[] }[] }[];
  /** By script URL: how the script's text was made. */
  'source-map-cache'?: Record<string, { lineLengths: number[]; data: SourceMapData | null }>;
}

interface CountedRange {
  startOffset: number;
  endOffset: number;
  count: number;
}

type SourceMapData = ConstructorParameters<typeof TraceMap>[0] & { mappings: string; sources: string[] };

/** A place in a script’s text, and what counts there. */
interface Point {
  offset: number;
  add(count: number): void;
}

/**
 * Adds to the map what programs ran that tests had started. Vitest measures its own processes alone, and gives the map its statements and branches; V8’s counts
 * of the programs are looked up at the places of these.
 * @param folder of NODE_V8_COVERAGE
 */
export function addStartedPrograms(map: CoverageMap, folder: string): void {
  const pointsOf = new Map<string, readonly Point[]>();
  for (const name of readdirSync(folder)) {
    // A process that was killed while it wrote leaves a part of its file: it is one that counts nothing.
    const written = parsed(readFileSync(path.join(folder, name), 'utf8'));
    const maps = written?.['source-map-cache'] ?? {};
    for (const { url, functions } of written?.result ?? []) {
      const made = maps[url];
      if (!made?.data?.sources.some((source) => Object.hasOwn(map.data, fileOf(source, url)))) continue;
      const key = `${url}\n${made.data.mappings}`;
      const points = pointsOf.get(key) ?? pointsIn(map, url, made.lineLengths, made.data);
      pointsOf.set(key, points);
      count(
        points,
        functions.flatMap(({ ranges }) => ranges),
      );
    }
  }
}

function parsed(text: string): ProcessCoverage | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const fileOf = (source: string, script: string): string => {
  const url = new URL(source, script);
  return url.protocol === 'file:' ? fileURLToPath(url) : source;
};

/** The places of a script that stand for a statement or a branch of a source, by their offsets. */
function pointsIn(map: CoverageMap, url: string, lineLengths: readonly number[], data: SourceMapData): Point[] {
  const trace = new TraceMap(data);
  const starts: number[] = [];
  for (let at = 0, line = 0; line < lineLengths.length; line += 1) {
    starts.push(at);
    at += (lineLengths[line] ?? 0) + 1;
  }
  return data.sources
    .flatMap((source) => {
      const file = fileOf(source, url);
      if (!Object.hasOwn(map.data, file)) return [];
      const offsetOf = ({ start, end }: Range): number | undefined => {
        const [first] = allGeneratedPositionsFor(trace, { source, ...start, bias: LEAST_UPPER_BOUND });
        if (first?.line == null || first.column === null) return undefined;
        const offset = (starts[first.line - 1] ?? Number.NaN) + first.column;
        return Number.isNaN(offset) || end.line < start.line ? undefined : offset;
      };
      return pointsOfFile(map.fileCoverageFor(file), offsetOf);
    })
    .sort((a, b) => a.offset - b.offset);
}

function pointsOfFile(coverage: FileCoverage, offsetOf: (place: Range) => number | undefined): Point[] {
  const points: Point[] = [];
  const at = (place: Range | undefined, add: (count: number) => void) => {
    const offset = place?.start.line === undefined ? undefined : offsetOf(place);
    if (offset !== undefined) points.push({ offset, add });
  };
  const { data } = coverage;
  for (const [id, place] of Object.entries(data.statementMap)) at(place, into(data.s, Number(id)));
  const ifs = data.path === undefined ? undefined : ifStatements(data.path);
  for (const [id, branch] of Object.entries(data.branchMap)) {
    const taken = data.b[id] ?? [];
    if (branch.type !== 'if') {
      branch.locations.forEach((place, way) => void at(place, into(taken, way)));
      continue;
    }
    const parts = ifs?.get(`${branch.loc.start.line}:${branch.loc.start.column}`);
    if (parts === undefined) continue;
    at(parts.first, into(taken, 0));
    if (parts.second !== undefined) at(parts.second, into(taken, 1));
    else {
      // An `else` that is not written is taken as often as the statement, less what the other way counts.
      at(branch.loc, into(taken, 1));
      at(parts.first, (n) => into(taken, 1)(-n));
    }
  }
  return points;
}

/** Adds to one of the counts. What is less than nothing comes of an inexact place, and is nothing. */
const into =
  (counts: Record<number, number>, at: number) =>
  (count: number): void => {
    counts[at] = Math.max(0, (counts[at] ?? 0) + count);
  };

/** Where both ways of each `if` begin: the map has the whole statement for the first. */
function ifStatements(file: string): Map<string, { first: Range; second: Range | undefined }> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false);
  const place = (at: number) => {
    const { line, character } = source.getLineAndCharacterOfPosition(at);
    return { line: line + 1, column: character };
  };
  const range = (node: ts.Node): Range => ({ start: place(node.getStart(source)), end: place(node.end) });
  const found = new Map<string, { first: Range; second: Range | undefined }>();
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node)) {
      const { line, column } = range(node).start;
      const { thenStatement, elseStatement } = node;
      // A block begins before the first of its statements, which may be where the map knows it.
      const first = ts.isBlock(thenStatement) ? (thenStatement.statements[0] ?? thenStatement) : thenStatement;
      found.set(`${line}:${column}`, { first: range(first), second: elseStatement && range(elseStatement) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Gives each point the count of the innermost range around it; points are in the order of their offsets. */
function count(points: readonly Point[], ranges: readonly CountedRange[]): void {
  const inOrder = ranges.toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const around: CountedRange[] = [];
  let next = 0;
  for (const { offset, add } of points) {
    for (let range = inOrder[next]; range !== undefined && range.startOffset <= offset; range = inOrder[next]) {
      around.push(range);
      next += 1;
    }
    while (around.length > 0 && (around.at(-1)?.endOffset ?? 0) <= offset) around.pop();
    const times = around.at(-1)?.count ?? 0;
    if (times > 0) add(times);
  }
}
