import { createHash } from 'node:crypto';
import { escapedPlaceholder } from '../../testing/golden/placeholders.ts';
import type { CellPaths } from '../observation/types.ts';

/** The folders of no run, laid out like a cell's. */
export const standInPaths: CellPaths = {
  root: '/cell',
  workspace: '/cell/workspace',
  home: '/cell/home',
  codexHome: '/cell/codex-home',
  tmp: '/cell/tmp',
  launcher: '/cell/codex',
};

/** The client of no SDK. */
export const standInClient = { name: 'some_sdk', title: 'Some SDK', version: '4.5.6' };

const seconds = 1_795_392_000;

/** What replaces a placeholder that is a whole value of a type other than text. */
export const wholeValues: Readonly<Record<string, number>> = {
  '<seconds>': seconds,
  '<millis>': seconds * 1000,
  '<duration>': 7,
  '<gauge>': 4096,
};

/** What replaces a placeholder inside a text. */
const texts: Readonly<Record<string, string>> = {
  '<duration>': '0.007',
  '<seconds>': String(seconds),
  '<process>': '4242',
  '<port>': '4243',
  '<date>': '2026-11-23',
  '<moment>': '2026-11-23T00:00:00.000Z',
  '<rollout-moment>': '2026-11-23T00-00-00',
  '/<y>/<m>/<d>/': '/2026/11/23/',
  '<cursor>': 'cursor-1',
  '<config-version>': `sha256:${'0'.repeat(64)}`,
  '<chunk>': 'fa4e00',
  '<host>': 'machine',
  '<os>': 'Linux 1.0; x86_64',
  '<term>': 'dumb',
  '<stderr>': 'a line of the log',
  '<engine>': '/opt/codex',
  ...Object.fromEntries(Object.entries(standInPaths).map(([name, path]) => [`<${name}>`, path])),
};

/** A UUID, the same for the same name. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A placeholder, or what was said and looks like one: both in one pass, since what is filled in may look like one, too. */
const idOrName = new RegExp(
  `${escapedPlaceholder.source}|<(?:thread|turn|item|id):[^<>]+>|<[a-zA-Z.-]+>|/<y>/<m>/<d>/`,
  'g',
);

/** Fills every placeholder in a text. A text that only looks like one (`<shell>` in a prompt) stays. */
export function fillText(text: string, facts: Readonly<Record<string, string>>): string {
  if (!text.includes('<')) return text;
  return text.replace(idOrName, (seen) => {
    if (seen === '<\\') return '<';
    return /^<(?:thread|turn|item|id):/.test(seen) ? uuidOf(seen) : (facts[seen] ?? texts[seen] ?? seen);
  });
}
