import { engineName } from '../../../../cell/cell-path.ts';
import type { ReportCell, ReportScenario } from '../../../model.ts';

export const filterFields = ['family', 'folder', 'client', 'engine', 'verdict'] as const;
export type FilterField = (typeof filterFields)[number];

/** Words that must all occur, and for each field the values of which one must match; none means any. */
export interface CellFilter {
  words: string;
  chosen: Partial<Record<FilterField, readonly string[]>>;
}

export const everything: CellFilter = { words: '', chosen: {} };

export const folderOf = (scenario: string): string => scenario.split('/')[0] ?? '';

export function fieldOf(cell: ReportCell, field: FilterField, scenario: ReportScenario | undefined): string {
  if (field === 'family') return scenario?.family ?? '';
  return field === 'folder' ? folderOf(cell.scenario) : cell[field];
}

/** Whether a cell matches. Returns a function, so that the filter is read once for thousands of cells. */
export function fitting({ words, chosen }: CellFilter) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fields = filterFields.flatMap((field) => {
    const values = chosen[field] ?? [];
    return values.length === 0 ? [] : [{ field, values: new Set(values) }];
  });
  return (cell: ReportCell, scenario: ReportScenario | undefined): boolean => {
    if (!fields.every(({ field, values }) => values.has(fieldOf(cell, field, scenario)))) return false;
    if (wanted.length === 0) return true;
    const text =
      `${cell.scenario} ${scenario?.title ?? ''} ${cell.client} ${engineName(cell)} ${cell.verdict}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
}

export function filterFromQuery(query: URLSearchParams): CellFilter {
  const chosen: CellFilter['chosen'] = {};
  for (const field of filterFields) {
    const values = query.getAll(field);
    if (values.length > 0) chosen[field] = values;
  }
  return { words: query.get('q') ?? '', chosen };
}

export function filterToQuery({ words, chosen }: CellFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (words !== '') query.set('q', words);
  for (const field of filterFields) for (const value of chosen[field] ?? []) query.append(field, value);
  return query;
}
