import { isNoticed } from './score.ts';
import type { Part, Selection } from './selection.ts';
import type { MutantResult } from './try-mutant.ts';

/** The selection that all parts have in common, with the number of all results. One part alone keeps its own, as it is. */
export function briefSelection(parts: readonly Part[]): Selection | undefined {
  const [first] = parts;
  if (first?.selection === undefined || parts.length === 1) return first?.selection;
  return { ...first.selection, shard: null, chosen: parts.reduce((sum, { results }) => sum + results.length, 0) };
}

/**
 * The results in a form that is short enough to be committed: the selection, then a JSON line for each mutant, in the
 * order of places. What was changed is told of survivors alone.
 */
export function briefResults(selection: Selection | undefined, results: readonly MutantResult[]): string {
  const rows = [...results]
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .map((one) => {
      const { file, line, column, mutator, status, by = 'goldens', killer, original, replacement } = one;
      const place = { at: `${file}:${line}:${column}`, mutator };
      if (isNoticed(one)) return { ...place, by, killer, ...(status === 'endless' && { endless: true }) };
      const change = [original, replacement].map((text) => text.replace(/\s+/g, ' ').trim().slice(0, 120)).join(' → ');
      return { ...place, status, change };
    });
  return [selection, ...rows].map((row) => `${JSON.stringify(row ?? {})}\n`).join('');
}
