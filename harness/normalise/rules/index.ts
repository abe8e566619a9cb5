import type { LineRule, ValueRule } from '../types.ts';
import { errorNames } from './error-names.ts';
import {
  cursors,
  engineVersion,
  exitAfterClose,
  hostFacts,
  hostName,
  originator,
  paths,
  ports,
  processIds,
  sandboxHelperNotice,
  stderrIsEvidence,
  userAgent,
} from './host.ts';
import { dates, durations, times, toolOutputTimes } from './times.ts';

/** In this order: paths before dates, since a path may carry one. */
export const valueRules: readonly ValueRule[] = [
  hostFacts,
  userAgent,
  originator,
  engineVersion,
  hostName,
  processIds,
  cursors,
  paths,
  ports,
  times,
  durations,
  dates,
  toolOutputTimes,
];

export const lineRules: readonly LineRule[] = [stderrIsEvidence, sandboxHelperNotice, exitAfterClose, errorNames];
