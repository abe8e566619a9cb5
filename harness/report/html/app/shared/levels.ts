/**
 * What the reader sees: what the SDK's user sees, what passes over the wire, or everything, including files and marks.
 */
export const levels = ['all', 'user', 'wire'] as const;
export type Level = (typeof levels)[number];

export const isLevel = (text: string): text is Level => (levels as readonly string[]).includes(text);

export const levelNames: Readonly<Record<Level, string>> = { all: 'Everything', user: 'User', wire: 'Wire' };

const wire = /^(?:in|out|err)\//;
const user = /^(?:user|request)\//;

/** Whether a lane is shown at a level; lanes are named by `laneOf`. */
export const showsLane = (level: Level, lane: string): boolean =>
  level === 'all' || (level === 'user' ? user : wire).test(lane);
