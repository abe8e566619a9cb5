import { defineCommand } from 'citty';
import { percent } from '../../testing/text.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import {
  type HiddenTampering,
  leastShare,
  measureSensitivity,
  type SensitivityMeasure,
  type Tally,
} from '../proofs/sensitivity/tamper/measure.ts';
import { defaultFolders } from '../run/folders.ts';
import { selectionArgs } from './arguments.ts';
import { allScenarios, selectScenarios, type Terminal } from './context.ts';
import { jsonFile } from './json-file.ts';
import type { Paint } from './output.mjs';

const examples = 3;

/** `sensitivity`: what share of tampered goldens the comparison flags, and which rule hid the rest. Runs no client and no engine. */
export const sensitivityCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'sensitivity',
      description: 'Change the goldens in every way and count what the comparison flags; runs nothing',
    },
    args: {
      scenario: { ...selectionArgs.scenario, description: 'Goldens to change: ids or globs, comma-separated' },
      all: { type: 'boolean', description: 'List every hidden change, not three of each rule' },
      json: {
        type: 'string',
        description: 'Write all counts and every hidden change to this file',
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
  const measure = await measureSensitivity(present, { signal: terminal.signal });
  await json?.write(measure);
  terminal.out(...describeMeasure(measure, args.all === true, terminal.paint));
  const enough = measure.share >= leastShare;
  const says = `${percent(measure.share, 2)} of ${measure.tampered} tamperings with ${present.length} goldens flagged`;
  terminal.out(
    (enough ? terminal.paint.green : terminal.paint.red)(
      enough ? says : `${says}; at least ${100 * leastShare} % is expected`,
    ),
  );
  return enough ? 0 : 1;
}

function describeMeasure({ classes, least, ...counted }: SensitivityMeasure, all: boolean, paint: Paint): string[] {
  const perClass = Object.entries(classes).map(
    ([name, one]) =>
      `${name.padEnd(9)} ${one.flagged} of ${one.tampered} (${percent(one.tampered === 0 ? 0 : one.flagged / one.tampered, 2)})`,
  );
  return [
    ...perClass,
    '',
    `hidden: ${counted.hidden.length}`,
    ...describeHidden(counted, all, paint),
    '',
    `volatile values with the least change, as another run has them (no errors, not counted): ${least.hidden.length} of ${least.tampered} hidden`,
    ...describeHidden(least, all, paint),
    '',
  ];
}

function describeHidden({ hiddenBy, hidden }: Tally, all: boolean, paint: Paint): string[] {
  const rules = Object.entries(hiddenBy).sort(([, a], [, b]) => b - a);
  return rules.flatMap(([rule, count]) => {
    const own = hidden.filter((one) => one.rule === rule);
    const shown = all ? own : own.slice(0, examples);
    return [`  ${rule}: ${count}`, ...shown.map((one) => paint.dim(wordsOf(one)))];
  });
}

const wordsOf = ({ scenario, line, ch, key, path, how }: HiddenTampering): string =>
  `    ${scenario}:${line}  ${ch}:${key}${path}  ${how}`;
