import type { LineRule, RuleSet, ValueRule } from '../types.ts';
import { errorNames } from './error-names.ts';
import {
  cursors,
  engineVersion,
  exitAfterClose,
  fieldsUnknownToPython,
  hostFacts,
  hostName,
  originator,
  paths,
  ports,
  processIds,
  programPath,
  requestNumber,
  rootsInOrder,
  sandboxHelperNotice,
  schemaFolder,
  stderrIsEvidence,
  stderrTail,
  userAgent,
} from './host.ts';
import { longText } from './long-text.ts';
import { dates, durations, times, toolOutputTimes } from './times.ts';

/** In this order: paths before dates, since a path may carry one. */
const valueRules: readonly ValueRule[] = [
  longText,
  hostFacts,
  fieldsUnknownToPython,
  stderrTail,
  userAgent,
  originator,
  engineVersion,
  hostName,
  processIds,
  requestNumber,
  cursors,
  paths,
  rootsInOrder,
  ports,
  times,
  durations,
  dates,
  toolOutputTimes,
];

const lineRules: readonly LineRule[] = [
  programPath,
  schemaFolder,
  stderrIsEvidence,
  sandboxHelperNotice,
  exitAfterClose,
  errorNames,
];

export const rules: RuleSet = { line: lineRules, value: valueRules };
