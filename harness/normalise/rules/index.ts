import type { LineRule, RuleSet, ValueRule } from '../types.ts';
import { clientIdentity } from './client-identity.ts';
import { configVersion } from './config-version.ts';
import { contextEstimates } from './context-estimate.ts';
import { engineTarget } from './engine-target.ts';
import { errorIdiom } from './error-idioms.ts';
import { exitOfKilled } from './exit-of-killed.ts';
import { fileBirth } from './file-birth.ts';
import { goalAccounts } from './goal-accounts.ts';
import {
  cursors,
  engineVersion,
  exitAfterClose,
  fieldsUnknownToPython,
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
import { longText } from './long-text.ts';
import { nicknames } from './nickname.ts';
import { outputSchemaFolder } from './output-schema.ts';
import { processFacts } from './process-facts.ts';
import { remoteControlAttempts } from './remote-control-attempts.ts';
import { saidWords } from './said-words.ts';
import { settingNames } from './setting-names.ts';
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
  rootsInOrder,
  ports,
  exitOfKilled,
  fileBirth,
  times,
  durations,
  dates,
  toolOutputTimes,
  nicknames,
  contextEstimates,
];

const lineRules: readonly LineRule[] = [
  saidWords,
  programPath,
  schemaFolder,
  stderrIsEvidence,
  sandboxHelperNotice,
  remoteControlAttempts,
  goalAccounts,
  exitAfterClose,
  errorIdiom,
  settingNames,
];

export const rules: RuleSet = { line: lineRules, value: valueRules };
