import { defineCommand } from 'citty';
import { percent } from '../../testing/text.ts';
import { formatGolden, goldenPath, readGolden } from '../golden/golden-file.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { sensitivityProblems } from '../proofs/sensitivity/cached-figures.ts';
import { measureAll } from '../proofs/sensitivity/measure-all.ts';
import { loosenedShare } from '../proofs/sensitivity/tamper/flagged.ts';
import { addUp, type HiddenTampering, type SensitivityMeasure } from '../proofs/sensitivity/tamper/measure.ts';
import { defaultFolders } from '../run/folders.ts';
import { selectionArgs } from './arguments.ts';
import { allScenarios, selectScenarios, type Terminal } from './context.ts';
import { jsonFile } from './json-file.ts';
import type { Paint } from './output.mjs';
import { tellDoing } from './progress.ts';

const examples = 3;

/** `sensitivity`: what share of changes to the raw lines of goldens the comparison flags, and which rule hid the rest. Runs no client and no engine. */
export const sensitivityCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'sensitivity',
      description: 'Change the lines of the goldens in every way and count what the comparison flags; runs nothing',
    },
    args: {
      scenario: { ...selectionArgs.scenario, description: 'Goldens to change: ids or globs, comma-separated' },
      all: { type: 'boolean', description: 'List every change that passed, not three of each rule' },
      json: {
        type: 'string',
        description: 'Write all counts and every change that passed to this file',
        valueHint: 'FILE',
      },
    },
    run: async ({ args }) => done(await sensitivity(args, terminal)),
  });

export async function sensitivity(
  args: { scenario?: string | undefined; all?: boolean | undefined; json?: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const json = await jsonFile(args.json);
  const folders = defaultFolders();
  const scenarios = selectScenarios(await allScenarios(folders), args);
  const goldens = await Promise.all(scenarios.map(({ id }) => readGolden(goldenPath(folders.goldens, id))));
  const present = goldens.flatMap((golden) => golden ?? []);
  const doing = tellDoing(terminal);
  const measures = await measureAll(present.map(formatGolden), {
    signal: terminal.signal,
    onDone: (done) => doing('changing the goldens', { done, of: present.length }),
  });
  terminal.status();
  const measure = addUp(measures);
  await json?.write(measure);
  terminal.out(...describeMeasure(measure, args.all === true, terminal.paint));
  const problems = sensitivityProblems(measure);
  const { tampered, flagged } = measure;
  const says = `${percent(tampered === 0 ? 0 : flagged / tampered, 2)} of ${tampered} tamperings with ${present.length} goldens flagged`;
  terminal.out(...problems.map(terminal.paint.red));
  const code = exitCodes.sensitivity({ problems: problems.length, tampered });
  terminal.out((code === 0 ? terminal.paint.green : terminal.paint.red)(says));
  return code;
}

function describeMeasure(measure: SensitivityMeasure, all: boolean, paint: Paint): string[] {
  const { classes, hidden, passed } = measure;
  const perClass = Object.entries(classes).map(
    ([name, one]) =>
      `${name.padEnd(11)} ${one.flagged} of ${one.tampered} (${percent(one.tampered === 0 ? 0 : one.flagged / one.tampered, 2)})`,
  );
  return [
    ...perClass,
    '',
    `hidden: ${hidden.length}`,
    ...describePassed(hidden, all, paint),
    '',
    `let pass by rules, on purpose (not counted): ${passed.length}, ${percent(loosenedShare(measure), 2)} of all changes`,
    ...describePassed(passed, all, paint),
    '',
  ];
}

function describePassed(changes: readonly HiddenTampering[], all: boolean, paint: Paint): string[] {
  const byRule = new Map<string, HiddenTampering[]>();
  for (const one of changes) byRule.set(one.rule, [...(byRule.get(one.rule) ?? []), one]);
  const rules = [...byRule].sort(([, a], [, b]) => b.length - a.length);
  return rules.flatMap(([rule, own]) => {
    const shown = all ? own : own.slice(0, examples);
    return [`  ${rule}: ${own.length}`, ...shown.map((one) => paint.dim(wordsOf(one)))];
  });
}

const wordsOf = ({ scenario, line, ch, key, path, how }: HiddenTampering): string =>
  `    ${scenario}:${line}  ${ch}:${key}${path}  ${how}`;
