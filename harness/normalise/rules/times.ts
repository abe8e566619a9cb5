import type { ValueRule } from '../types.ts';

const timeKey = /(At|AtMs|_at|_at_ms|_unix_ms|^create_time)$/;
const durationKey = /^(duration|durationMs|duration_ms|elapsedMs|wallTimeMs|timeUsedSeconds)$/;

/** No scenario takes this long: a longer duration has another unit, or is wrong. */
const longestMs = 600_000;

/** Seconds and milliseconds since 1970 are kept apart: an engine that changes its unit is a difference. */
export const times: ValueRule = {
  name: 'time',
  loosens: true,
  reason: 'moments differ in every run',
  volatile: 'moment',
  apply(value, { key }) {
    if (typeof value !== 'number' || key === undefined || !timeKey.test(key)) return undefined;
    return value > 1e11 ? '<millis>' : value > 1e8 ? '<seconds>' : undefined;
  },
};

export const durations: ValueRule = {
  name: 'duration',
  loosens: true,
  reason: 'durations differ in every run',
  volatile: 'echo',
  apply(value, { key }) {
    if (typeof value !== 'number' || key === undefined || !durationKey.test(key)) return undefined;
    return value >= 0 && value < longestMs ? '<duration>' : undefined;
  },
};

const isoMoment = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const rolloutMoment = /\b20\d\d-\d\d-\d\dT\d\d-\d\d-\d\d\b/g;
const datedFolder = /\/20\d\d\/\d\d\/\d\d\//g;
const plainDate = /\b20\d\d-\d\d-\d\d\b/g;

export const dates: ValueRule = {
  name: 'date-in-text',
  loosens: true,
  reason: 'rollout paths and prompts carry the current date',
  apply(value) {
    if (typeof value !== 'string') return undefined;
    const out = value
      .replace(isoMoment, '<moment>')
      .replace(rolloutMoment, '<rollout-moment>')
      .replace(datedFolder, '/<y>/<m>/<d>/')
      .replace(plainDate, '<date>');
    return out === value ? undefined : out;
  },
};

const toolTimes: [RegExp, string][] = [
  [/^Chunk ID: [0-9a-f]+$/gm, 'Chunk ID: <chunk>'],
  // A tool in code mode writes it without the colon.
  [/^(Wall time|Duration)(:?) [0-9.]+ seconds$/gm, '$1$2 <duration> seconds'],
  [/"(createdAt|updatedAt)":\d{10}\b/g, '"$1":<seconds>'],
  [/"timeUsedSeconds":[\d.]+/g, '"timeUsedSeconds":<duration>'],
  // None for a goal that took less than a second and had no budget.
  [/"completionBudgetReport":(null|"(\\.|[^"\\])*")/g, '"completionBudgetReport":"<report>"'],
  [/(process running with session ID|session ID) \d+/gi, '$1 <process>'],
];

/** What the engine tells the model about a command's run. */
export const toolOutputTimes: ValueRule = {
  name: 'tool-output-time',
  loosens: true,
  reason: "a tool's answer to the model carries its wall time and a random chunk id, a goal tool's the goal's times",
  apply(value) {
    if (typeof value !== 'string') return undefined;
    let out = value;
    for (const [pattern, placeholder] of toolTimes) out = out.replace(pattern, placeholder);
    return out === value ? undefined : out;
  },
};
