/** Placeholders of ids, `<KIND:NAME>`: equal ones stand for the same value. */
export const idPlaceholder = /<(?:thread|turn|item|id):[^<>]+>/g;

/** A text that consists of the id of a thread, turn or item. */
export const ownerId = /^<(?:thread|turn|item):[^<>]+>$/;

const values = [
  'seconds',
  'millis',
  'duration',
  'gauge',
  'process',
  'port',
  'date',
  'moment',
  'rollout-moment',
  'cursor',
  'config-version',
  'chunk',
  'host',
  'os',
  'term',
  'client\\.name',
  'client\\.title',
  'client\\.version',
  'engine\\.version',
  'launcher',
  'workspace',
  'codexHome',
  'home',
  'tmp',
  'root',
];

/** Placeholders that only the harness fills in. What was said and looks like one is escaped all the same. */
const othersValues = ['engine', 'stderr'];
const ids = '(?:thread|turn|item|id|request|server-request|numeric-request):[^<>]+>';

/**
 * Every placeholder that may occur inside a text, and the backslash after the `<` of text that only looks like one (`<\\workspace>`). One pass finds
 * both, because a filled-in value may look like a placeholder too. Any other text is left unchanged: somebody wrote it.
 */
export const anyPlaceholder = new RegExp(
  [
    `<\\\\(?=\\\\*(?:${ids}|(?:${[...values, ...othersValues].join('|')})>|y>/<m>/<d>/))`,
    '<(?:thread|turn|item|id|request|server-request):[^<>]+>',
    `<(?:${values.join('|')})>`,
    '/<y>/<m>/<d>/',
  ].join('|'),
  'g',
);

/** Whether a match of `anyPlaceholder` is the escape of a `<` that somebody wrote. */
export const isEscape = (match: string): boolean => match === '<\\';

/** Texts that stand for numbers if they are the whole value. */
export const numberPlaceholders: ReadonlySet<string> = new Set(['<seconds>', '<millis>', '<duration>', '<gauge>']);

export const hasPlaceholder = (text: string): boolean => text.search(anyPlaceholder) >= 0;
