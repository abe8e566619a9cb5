import { headlineOf } from '../summary/headline.ts';
import type { Summary } from '../summary/summary.ts';
import type { Paint } from './paint.ts';

/** What the terminal leads its figures with, a line each: ours against its reference, then the rest. */
export function describeHeadline(summary: Summary, paint: Paint): string[] {
  const { ours, shares, references, baselines } = headlineOf(summary);
  return [
    ...ours.map(({ client, text }) => `${paint.bold(`${client} against its reference`)}: ${text}`),
    ...(shares === undefined ? [] : [shares]),
    ...(references === undefined ? [] : [`official clients against their recordings: ${references}`]),
    ...(baselines === undefined ? [] : [`baselines: ${baselines}`]),
  ];
}
