/** Placeholders of ids: equal ones stand for one value. `<KIND:NAME>`. */
export const idPlaceholder = /<(?:thread|turn|item|id):[^<>]+>/g;

/** A text that is an id of a thread, turn or item and nothing else. */
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

/** Every placeholder that may stand inside a text. What is not in it stays as it is: somebody wrote it. */
export const anyPlaceholder = new RegExp(
  `<(?:thread|turn|item|id|request|server-request):[^<>]+>|<(?:${values.join('|')})>|/<y>/<m>/<d>/`,
  'g',
);

/** Texts that stood for numbers, where they are the whole value. */
export const numberPlaceholders: ReadonlySet<string> = new Set(['<seconds>', '<millis>', '<duration>', '<gauge>']);

export const hasPlaceholder = (text: string): boolean => text.search(anyPlaceholder) >= 0;
