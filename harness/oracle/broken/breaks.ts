import type { Break } from './break.ts';
import { driverBreaks } from './breaks/driver-breaks.ts';
import { errorBreaks } from './breaks/error-breaks.ts';
import { eventBreaks } from './breaks/event-breaks.ts';
import { execBreaks } from './breaks/exec-breaks.ts';
import { processBreaks } from './breaks/process-breaks.ts';
import { resultBreaks } from './breaks/result-breaks.ts';
import { wireBreaks } from './breaks/wire-breaks.ts';

const table = {
  ...eventBreaks,
  ...resultBreaks,
  ...errorBreaks,
  ...wireBreaks,
  ...processBreaks,
  ...driverBreaks,
  ...execBreaks,
};

export type BreakName = keyof typeof table;

/** Every deliberately broken client and driver, by name. */
export const breaks: Readonly<Record<BreakName, Break>> = table;

const names = Object.keys(breaks) as BreakName[];

/** For the run's summary: the broken clients that the harness is proven to flag, each at its place. */
export const brokenClients: { readonly count: number; readonly names: readonly BreakName[] } = {
  count: names.length,
  names,
};
