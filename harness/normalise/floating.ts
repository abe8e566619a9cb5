/**
 * Notifications without an order relative to others: the engine sends them from tasks of their own (measured over 20
 * scenarios, 5 to 10 recordings each). Each such method is a lane of its own, so that its own order still counts.
 */
export const floatingMethods: ReadonlySet<string> = new Set([
  'account/rateLimits/updated',
  'app/list/updated',
  'configWarning',
  // A request, sent before a turn's first request to its model: before or after the turn is reported as started.
  'currentTime/read',
  'deprecationNotice',
  'mcpServer/startupStatus/updated',
  'remoteControl/status/changed',
  'skills/changed',
  'thread/queue/changed',
  'thread/readState/changed',
  'thread/settings/updated',
  'thread/started',
  'thread/status/changed',
  'thread/tokenUsage/updated',
  'warning',
]);

/**
 * Notifications that a command, a watcher, a search or a store of the engine sends when it has something to report.
 * They have no order relative to the answers, but one among those of the same source.
 */
export const floatingSources: ReadonlyMap<string, string> = new Map([
  ['account/login/completed', 'account'],
  ['account/updated', 'account'],
  ['command/exec/outputDelta', 'command/exec'],
  ['externalAgentConfig/import/completed', 'externalAgentConfig'],
  ['externalAgentConfig/import/progress', 'externalAgentConfig'],
  ['fs/changed', 'fs'],
  ['fuzzyFileSearch/sessionCompleted', 'fuzzyFileSearch/sessionCompleted'],
  ['fuzzyFileSearch/sessionUpdated', 'fuzzyFileSearch/sessionUpdated'],
  ['process/exited', 'process'],
  ['process/outputDelta', 'process'],
  ['project/changed', 'project'],
  ['thread/project/updated', 'project'],
  ['windowsSandbox/setupCompleted', 'windowsSandbox'],
]);

/** Requests that are answered when what they started has ended; other requests are answered in the meantime. */
export const answeredAtItsEnd: ReadonlySet<string> = new Set(['command/exec']);
