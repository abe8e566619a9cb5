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

/** Every placeholder that may occur inside a text. Any other text is left unchanged: somebody wrote it. */
export const anyPlaceholder = new RegExp(
  `<(?:thread|turn|item|id|request|server-request):[^<>]+>|<(?:${values.join('|')})>|/<y>/<m>/<d>/`,
  'g',
);

/** Texts that stand for numbers if they are the whole value. */
export const numberPlaceholders: ReadonlySet<string> = new Set(['<seconds>', '<millis>', '<duration>', '<gauge>']);

export const hasPlaceholder = (text: string): boolean => text.search(anyPlaceholder) >= 0;
