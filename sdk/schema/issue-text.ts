import { shortened } from '../errors/codex-error.ts';
import type { SchemaIssue } from './prepare-schema.ts';

const mostIssues = 20;
const longestIssue = 500;

/** What is wrong with a value, for a model or a person: a line for each issue, `- items[0].id: expected a string`. */
export function issueText(issues: readonly SchemaIssue[]): string {
  const lines = issues.slice(0, mostIssues).map(({ path, message }) => {
    const where = pathText(path);
    return shortened(`- ${where === '' ? '' : `${where}: `}${message}`, longestIssue);
  });
  const left = issues.length - lines.length;
  return [...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

/** `items[0].id`; the empty text for the whole value. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
