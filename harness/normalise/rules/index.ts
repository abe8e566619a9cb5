import type { LineRule, RuleSet, ValueRule } from '../types.ts';
import { contextEstimates, goalAccounts, nicknames, startedAgents } from './agent-facts.ts';
import { clientIdentity } from './client-identity.ts';
import {
  configVersion,
  engineTarget,
  exitOfKilled,
  fileBirth,
  processFacts,
  remoteControlAttempts,
} from './engine-facts.ts';
import { errorIdiom, settingNames } from './error-idioms.ts';
import {
  cursors,
  engineVersion,
  exitAfterClose,
  heldIsJudged,
  hostFacts,
  hostName,
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
import { fieldsUnknownToPython } from './python-models.ts';
import { longText, outputSchemaFolder, saidWords, stagingFolder } from './texts.ts';
import { dates, durations, times, toolOutputTimes } from './times.ts';

/** In this order: paths before dates, since a path may carry one. */
const valueRules: readonly ValueRule[] = [
  longText,
  hostFacts,
  fieldsUnknownToPython,
  stderrTail,
  clientIdentity,
  userAgent,
  engineVersion,
  hostName,
  processIds,
  processFacts,
  requestNumber,
  cursors,
  configVersion,
  paths,
  engineTarget,
  outputSchemaFolder,
  stagingFolder,
  rootsInOrder,
  ports,
  exitOfKilled,
  fileBirth,
  times,
  durations,
  dates,
  toolOutputTimes,
  nicknames,
  startedAgents,
  contextEstimates,
];

const lineRules: readonly LineRule[] = [
  saidWords,
  programPath,
  schemaFolder,
  stderrIsEvidence,
  heldIsJudged,
  sandboxHelperNotice,
  remoteControlAttempts,
  goalAccounts,
  exitAfterClose,
  errorIdiom,
  settingNames,
];

export const rules: RuleSet = { line: lineRules, value: valueRules };
