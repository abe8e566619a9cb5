import type { StepGroup, StepLanguage } from './read-steps.ts';

/** The table of a language's verbs, and one of each group of keys, as Markdown. */
export function stepTables({ steps, groups }: StepLanguage): { steps: string; groups: Record<string, string> } {
  const rows = steps.map(({ verb, placeholder, keys, groups: beside, description }) => {
    const names = keys.map(({ key }) => code(key));
    const shared = beside.flatMap(({ group, keys: some }) =>
      some.length === group.keys.length ? [group.title.toLowerCase()] : some.map(({ key }) => code(key)),
    );
    const explained = keys.map(({ key, schema }) => `${code(key)}: ${schema.description ?? ''}`.trim());
    return [
      code(`${verb}: ${placeholder}`),
      [...names, ...shared].join(', '),
      [description, ...explained].join('<br>'),
    ];
  });
  return {
    steps: table(['step', 'with', 'does'], rows),
    groups: Object.fromEntries(groups.map((group) => [group.id, groupTable(group)])),
  };
}

/** What a driver does at each step. */
export const driverTable = ({ steps }: StepLanguage): string =>
  table(
    ['verb', 'does'],
    steps.map(({ verb, placeholder, driver = '' }) => [code(`${verb}: ${placeholder}`), driver]),
  );

const groupTable = ({ keys }: StepGroup): string =>
  table(
    ['key', 'meaning'],
    keys.map(({ key, schema }) => [code(key), schema.description ?? '']),
  );

function table(head: string[], rows: string[][]): string {
  const row = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').trim()).join(' | ')} |`.replaceAll('|  |', '| |');
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

/**
 * A page with the text between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->` replaced.
 * @throws Error where the page has no such place
 */
export function replaceGenerated(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`Writing a page: expected ${begin} … ${end}, got a page without.`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
