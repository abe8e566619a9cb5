import type { FileUpdateChange } from '../protocol/index.ts';

/** The changes of files as one unified diff. The engine gives the content of new and deleted files, and hunks of the others. */
export function unifiedDiff(changes: readonly FileUpdateChange[]): string {
  return changes.map(oneFile).join('');
}

function oneFile({ path, kind, diff }: FileUpdateChange): string {
  if (kind.type === 'add') return `--- /dev/null\n+++ ${path}\n${wholeFile(diff, '+')}`;
  if (kind.type === 'delete') return `--- ${path}\n+++ /dev/null\n${wholeFile(diff, '-')}`;
  return `--- ${path}\n+++ ${kind.move_path ?? path}\n${diff}${diff === '' || diff.endsWith('\n') ? '' : '\n'}`;
}

function wholeFile(content: string, sign: '+' | '-'): string {
  if (content === '') return '';
  const ended = content.endsWith('\n');
  const lines = (ended ? content.slice(0, -1) : content).split('\n');
  const range = lines.length === 1 ? '1' : `1,${lines.length}`;
  const head = sign === '+' ? `@@ -0,0 +${range} @@` : `@@ -${range} +0,0 @@`;
  return `${[head, ...lines.map((line) => sign + line)].join('\n')}\n${ended ? '' : '\\ No newline at end of file\n'}`;
}
