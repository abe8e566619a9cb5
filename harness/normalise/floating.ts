/**
 * Notifications that keep no order towards the others: the engine sends them from tasks of their own (measured over 20 scenarios,
 * 5 to 10 recordings each). Each such method is a lane of its own, so its own order still counts.
 */
export const floatingMethods: ReadonlySet<string> = new Set([
  'account/rateLimits/updated',
  'app/list/updated',
  'configWarning',
  'deprecationNotice',
  'mcpServer/startupStatus/updated',
  'remoteControl/status/changed',
  'skills/changed',
  'thread/readState/changed',
  'thread/settings/updated',
  'thread/started',
  'thread/status/changed',
  'thread/tokenUsage/updated',
  'warning',
]);
