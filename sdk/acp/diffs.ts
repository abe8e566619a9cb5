import type { ToolCallContent, ToolCallLocation } from '@agentclientprotocol/sdk';
import type { FileUpdateChange } from '../protocol/index.ts';

/** A change of files as the client shows it: new and deleted files whole, of others what changes, with the lines around it. */
export function diffContent(changes: readonly FileUpdateChange[]): ToolCallContent[] {
  return changes.flatMap(({ path, kind, diff }): ToolCallContent[] => {
    if (kind.type === 'add') return [{ type: 'diff', path, oldText: null, newText: diff }];
    if (kind.type === 'delete') return [{ type: 'diff', path, oldText: diff, newText: '' }];
    const target = movedTo(kind) ?? path;
    return hunksOf(diff).map(({ oldText, newText }) => ({ type: 'diff', path: target, oldText, newText }));
  });
}

export function diffLocations(changes: readonly FileUpdateChange[]): ToolCallLocation[] {
  return changes.map(({ path, kind, diff }) => {
    const line = kind.type === 'update' ? hunksOf(diff)[0]?.line : undefined;
    return { path: movedTo(kind) ?? path, ...(line !== undefined && { line }) };
  });
}

const movedTo = (kind: FileUpdateChange['kind']): string | null | undefined =>
  kind.type === 'update' && 'move_path' in kind ? (kind.move_path as string | null | undefined) : undefined;

interface Hunk {
  /** The first line in the new file, from 1. */
  line: number;
  oldText: string;
  newText: string;
}

/** The hunks of a unified diff of one file. */
export function hunksOf(diff: string): Hunk[] {
  const hunks: (Hunk & { before: string[]; after: string[] })[] = [];
  for (const row of diff.split('\n')) {
    const head = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(row);
    if (head) hunks.push({ line: Number(head[1]), oldText: '', newText: '', before: [], after: [] });
    const hunk = hunks.at(-1);
    if (head || !hunk) continue;
    const [sign, text] = [row[0], row.slice(1)];
    if (sign === ' ' || sign === '-') hunk.before.push(text);
    if (sign === ' ' || sign === '+') hunk.after.push(text);
  }
  const text = (lines: readonly string[]) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  return hunks.map(({ line, before, after }) => ({ line, oldText: text(before), newText: text(after) }));
}
