/** What a number counts. */
export type Unit =
  | 'milliseconds'
  | 'seconds'
  | 'bytes'
  | 'characters'
  | 'weight'
  | 'entries'
  | 'lines'
  | 'levels'
  | 'code'
  | 'mode';

/**
 * Every number in what is published that something is limited by, cut at or compared with, by file: what it is called, how
 * much it is, and of what. A number without a row fails, and so does a row whose number is another one in the source.
 */
export const constants: Readonly<Record<string, readonly (readonly [name: string, value: number, unit: Unit])[]>> = {
  'sdk/acp/sessions.ts': [['endTimeoutMs', 5000, 'milliseconds']],
  'sdk/acp/tool-calls.ts': [['longestOutput', 30_000, 'characters']],
  'sdk/ai-sdk/conversations.ts': [['remembered', 1000, 'entries']],
  'sdk/ai-sdk/errors.ts': [
    ['statuses.unauthorized', 401, 'code'],
    ['statuses.badRequest', 400, 'code'],
    ['statuses.contextWindowExceeded', 400, 'code'],
    ['statuses.sessionBudgetExceeded', 429, 'code'],
    ['statuses.usageLimitExceeded', 429, 'code'],
    ['statuses.serverOverloaded', 503, 'code'],
    ['statuses.internalServerError', 500, 'code'],
  ],
  'sdk/ai-sdk/running-turn.ts': [['graceMs', 100, 'milliseconds']],
  'sdk/approvals/decisions.ts': [
    ['slice()', 100, 'characters'],
    ['slice()', 200, 'characters'],
    ['slice()', 5, 'characters'],
  ],
  'sdk/approvals/other-requests.ts': [
    ['slice()', 100, 'characters'],
    ['slice()', 5, 'characters'],
    ['slice()', 200, 'characters'],
  ],
  'sdk/approvals/policies.ts': [['slice()', 200, 'characters']],
  'sdk/approvals/request-broker.ts': [['remembered', 10_000, 'entries']],
  'sdk/attach/frames.ts': [
    ['opcode.close', 8, 'code'],
    ['opcode.ping', 9, 'code'],
    ['opcode.pong', 10, 'code'],
    ['closeCode.normal', 1000, 'code'],
    ['closeCode.protocolError', 1002, 'code'],
    ['closeCode.unsupported', 1003, 'code'],
    ['closeCode.notUtf8', 1007, 'code'],
    ['closeCode.tooBig', 1009, 'code'],
    ['length < 126', 126, 'bytes'],
    ['length < 65_536', 65_536, 'bytes'],
    ['longestFragment', 8_388_608, 'bytes'],
  ],
  'sdk/attach/message-reader.ts': [
    ['subarray()', 10, 'bytes'],
    ['short < 126', 126, 'bytes'],
    ['short > 125', 125, 'bytes'],
    ['code >= 3000', 3000, 'code'],
    ['code < 5000', 5000, 'code'],
    ['code >= 1000', 1000, 'code'],
    ['code <= 1014', 1014, 'code'],
  ],
  'sdk/attach/reconnect.ts': [
    ['attempts', 5, 'entries'],
    ['backoffMs', 250, 'milliseconds'],
    ['maxBackoffMs', 10_000, 'milliseconds'],
  ],
  'sdk/attach/upgrade.ts': [
    ['longestBody', 300, 'bytes'],
    ['statusCode >= 300', 300, 'code'],
    ['statusCode < 400', 400, 'code'],
  ],
  'sdk/attach/websocket-transport.ts': [
    ['closeGraceMs', 1000, 'milliseconds'],
    ['defaultConnectTimeoutMs', 10_000, 'milliseconds'],
    ['defaultHeartbeatMs', 30_000, 'milliseconds'],
    ['longestLine', 67_108_864, 'bytes'],
  ],
  'sdk/client/auto-run/auto-run.ts': [
    ['defaultMaxTurns', 10, 'entries'],
    ['endMs', 12_000, 'milliseconds'],
  ],
  'sdk/client/auto-run/run-command.ts': [
    ['defaultLimit', 8000, 'characters'],
    ['longestSecret', 4096, 'characters'],
    ['drainMs', 1000, 'milliseconds'],
  ],
  'sdk/client/config.ts': [['defaultRequestTimeoutMs', 600_000, 'milliseconds']],
  'sdk/client/engine-schema.ts': [['probeTimeoutMs', 30_000, 'milliseconds']],
  'sdk/client/goal-control.ts': [
    ['objectiveLimit', 4000, 'characters'],
    ['startTimeoutMs', 30_000, 'milliseconds'],
    ['cancelTimeoutMs', 10_000, 'milliseconds'],
  ],
  'sdk/client/lazy-session.ts': [
    ['reopened', 1000, 'entries'],
    ['attempts', 5, 'entries'],
  ],
  'sdk/client/turn-contexts.ts': [['rememberedTurns', 1000, 'entries']],
  'sdk/client/turn-result.ts': [
    ['status >= 500', 500, 'code'],
    ['status < 400', 400, 'code'],
  ],
  'sdk/client/turn-stops.ts': [
    ['knownTurns', 1000, 'entries'],
    ['stopTimeoutMs', 10_000, 'milliseconds'],
  ],
  'sdk/client/wire-input.ts': [['slice()', 40, 'characters']],
  'sdk/errors/callers-line.ts': [['siteFrames', 3, 'entries']],
  'sdk/errors/codex-error.ts': [
    ['longestMessage', 16_384, 'characters'],
    ['longestAction', 200, 'characters'],
  ],
  'sdk/errors/connection-errors.ts': [['longestLine', 500, 'characters']],
  'sdk/errors/python-text.ts': [
    ['longestQuote', 2000, 'characters'],
    ['code <= 0xff', 255, 'code'],
    ['code <= 0xffff', 65_535, 'code'],
  ],
  'sdk/errors/retry-on-overload.ts': [
    ['maxAttempts', 3, 'entries'],
    ['initialDelayMs', 250, 'milliseconds'],
    ['maxDelayMs', 2000, 'milliseconds'],
  ],
  'sdk/errors/rpc-errors.ts': [
    ['code < -32099', -32_099, 'code'],
    ['code > -32000', -32_000, 'code'],
  ],
  'sdk/exec/command-line.ts': [
    ['slice()', 80, 'characters'],
    ['slice()', 80, 'characters'],
    ['Math.abs(value) >= 2 ** 63', 2 ** 63, 'code'],
    ['Math.abs(value) < 1e21', 1e21, 'code'],
  ],
  'sdk/exec/exec-errors.ts': [['longestQuote', 500, 'characters']],
  'sdk/exec/exec-process.ts': [
    ['graceMs.SIGINT', 3000, 'milliseconds'],
    ['graceMs.SIGTERM', 1000, 'milliseconds'],
  ],
  'sdk/exec/login-with-auth-json.ts': [['mode', 384, 'mode']],
  'sdk/exec/output-reader.ts': [
    ['pipeGraceMs', 500, 'milliseconds'],
    ['readAhead', 16, 'entries'],
  ],
  'sdk/exec/remote.ts': [['helpMs', 30_000, 'milliseconds']],
  'sdk/files/clean-name.ts': [['longest', 180, 'bytes']],
  'sdk/files/media-type.ts': [['tellingBytes', 16, 'bytes']],
  'sdk/files/source.ts': [['pieceSize', 262_144, 'bytes']],
  'sdk/files/staging.ts': [['defaultMaxBytes', 2 ** 31, 'bytes']],
  'sdk/hooks/open-hooks.ts': [
    ['relayGraceMs', 5000, 'milliseconds'],
    ['engineGraceSeconds', 10, 'seconds'],
    ['longestMessage', 67_108_864, 'characters'],
  ],
  'sdk/hooks/options.ts': [
    ['defaultTimeoutMs', 60_000, 'milliseconds'],
    ['longestTimeoutMs', 86_400_000, 'milliseconds'],
  ],
  'sdk/host/deadline.ts': [['graceMs', 500, 'milliseconds']],
  'sdk/host/loopback-server.ts': [['tokenBytes', 32, 'bytes']],
  'sdk/host/program-mark.ts': [['slice()', 12, 'characters']],
  'sdk/host/real-timers.ts': [['longestTimerMs', 2 ** 31 - 1, 'milliseconds']],
  'sdk/mcp/mcp-watch.ts': [
    ['keptEvents', 10_000, 'entries'],
    ['keptLogins', 100, 'entries'],
    ['shortestSecret', 6, 'characters'],
    ['keptSecrets', 10_000, 'entries'],
  ],
  'sdk/mcp/restart.ts': [
    ['onCrash.max', 3, 'entries'],
    ['onCrash.backoffMs', 500, 'milliseconds'],
    ['onCrash.checkEveryMs', 5000, 'milliseconds'],
    ['value <= 2 ** 31 - 1', 2 ** 31 - 1, 'milliseconds'],
  ],
  'sdk/mcp/supervisor.ts': [
    ['longestBackoffMs', 60_000, 'milliseconds'],
    ['keptEarly', 100, 'entries'],
  ],
  'sdk/output/schema-limits.ts': [
    ['most.properties', 5000, 'entries'],
    ['most.levels', 10, 'levels'],
    ['most.enumValues', 1000, 'entries'],
    ['most.characters', 120_000, 'characters'],
    ['most.largeEnum.values', 250, 'entries'],
    ['most.largeEnum.characters', 15_000, 'characters'],
  ],
  'sdk/output/strict-schema.ts': [
    ['deepest', 200, 'levels'],
    ['text.length > 80', 80, 'characters'],
    ['slice()', 80, 'characters'],
  ],
  'sdk/redact/error-text.ts': [['shortest', 8, 'characters']],
  'sdk/redact/secret-forms.ts': [
    ['value.length >= 4', 4, 'characters'],
    ['value.length >= 8', 8, 'characters'],
    ['value.length >= 16', 16, 'characters'],
    ['value.length >= 6', 6, 'characters'],
    ['text.length < 6', 6, 'characters'],
    ['text.length <= 64', 64, 'characters'],
    ['clean.size < 10_000', 10_000, 'entries'],
  ],
  'sdk/redact/secret-names.ts': [
    ['name.length > 100', 100, 'characters'],
    ['known.size < 10_000', 10_000, 'entries'],
  ],
  'sdk/rpc/connection.ts': [['defaultUnsentLimit', 67_108_864, 'bytes']],
  'sdk/rpc/engine-words.ts': [['word.length <= 64', 64, 'characters']],
  'sdk/rpc/event-log.ts': [
    ['defaultUnreadLimit', 67_108_864, 'weight'],
    ['eventWeight', 500, 'weight'],
  ],
  'sdk/rpc/incoming-message.ts': [
    ['unknownCode', -32_000, 'code'],
    ['longestKey', 14, 'characters'],
  ],
  'sdk/rpc/login-completions.ts': [['keptCompletions', 100, 'entries']],
  'sdk/rpc/notification-feed.ts': [['feedCapacity', 10_000, 'entries']],
  'sdk/rpc/server-requests.ts': [
    ['shortened()', 200, 'characters'],
    ['longestFailure', 4000, 'characters'],
  ],
  'sdk/rpc/sub-agents.ts': [
    ['remembered', 10_000, 'entries'],
    ['depth < 16', 16, 'levels'],
  ],
  'sdk/rpc/turn-router.ts': [
    ['rememberedTurns', 1000, 'entries'],
    ['foreignLimit', 8_388_608, 'weight'],
  ],
  'sdk/rpc/turn-state.ts': [['changesLimit', 500_000, 'weight']],
  'sdk/rpc/turn-usage.ts': [['rememberedThreads', 1000, 'entries']],
  'sdk/schema/issue-text.ts': [
    ['mostIssues', 20, 'entries'],
    ['longestIssue', 500, 'characters'],
  ],
  'sdk/telemetry/log-sink.ts': [['depth > 8', 8, 'levels']],
  'sdk/telemetry/open-telemetry.ts': [['remembered', 10_000, 'entries']],
  'sdk/tools/open-with-tools.ts': [
    ['longestHead', 4_194_304, 'bytes'],
    ['size', 65_536, 'bytes'],
  ],
  'sdk/tools/run-tool.ts': [['defaultTimeoutMs', 600_000, 'milliseconds']],
  'sdk/tools/thread-tools.ts': [['remembered', 10_000, 'entries']],
  'sdk/tools/tool.ts': [
    ['longestName', 128, 'characters'],
    ['slice()', 150, 'characters'],
  ],
  'sdk/transport/argv.ts': [['slice()', 80, 'characters']],
  'sdk/transport/byte-blocks.ts': [['blockSize', 65_536, 'bytes']],
  'sdk/transport/engine-processes.ts': [
    ['ownEndMs', 200, 'milliseconds'],
    ['exitGraceMs', 2000, 'milliseconds'],
    ['killMs', 2000, 'milliseconds'],
    ['pollMs', 10, 'milliseconds'],
  ],
  'sdk/transport/line-codec.ts': [
    ['newline', 10, 'code'],
    ['shortLine', 1_048_576, 'bytes'],
    ['subarray()', 200, 'bytes'],
    ['pieceSize', 1_048_576, 'bytes'],
    ['quotedCharacters', 400, 'characters'],
  ],
  'sdk/transport/parse-json.ts': [
    ['deepestJson', 1000, 'levels'],
    ['longestLine', 268_435_456, 'bytes'],
    ['beginningOf()', 200, 'characters'],
  ],
  'sdk/transport/process-list.ts': [['batch', 100, 'entries']],
  'sdk/transport/stderr-tail.ts': [
    ['keptBytes', 1_048_576, 'bytes'],
    ['keptLines', 400, 'lines'],
    ['quotedLines', 40, 'lines'],
    ['quotedCharacters', 2000, 'characters'],
    ['subarray()', 4, 'bytes'],
  ],
  'sdk/transport/stdio.ts': [
    ['exitGraceMs', 2000, 'milliseconds'],
    ['pipeGraceMs', 500, 'milliseconds'],
  ],
  'testing/engine/tee.mjs': [
    ['slice()', 3, 'characters'],
    ['drainMs', 500, 'milliseconds'],
  ],
  'testing/engine/wire-log.ts': [['slice()', 80, 'characters']],
  'testing/golden/golden-file.ts': [
    ['row.length > 120', 120, 'characters'],
    ['slice()', 120, 'characters'],
  ],
  'testing/json/exact-number.ts': [
    ['token.length <= 15', 15, 'characters'],
    ['exponent.length > 1000', 1000, 'characters'],
  ],
  'testing/listen/listen.ts': [
    ['graceMs', 5000, 'milliseconds'],
    ['slice()', -2000, 'characters'],
  ],
  'testing/nearest.ts': [['name.length <= 3', 3, 'characters']],
  'testing/play/check-script.ts': [['slice()', 80, 'characters']],
  'testing/play/played-engine.ts': [['endMs', 5000, 'milliseconds']],
  'testing/record/known-secrets.ts': [
    ['shortest', 6, 'characters'],
    ['word.length >= 16', 16, 'characters'],
    ['secret.length >= 8', 8, 'characters'],
  ],
  'testing/record/record.ts': [['endMs', 10_000, 'milliseconds']],
  'testing/record/redact.ts': [['value >= 1000', 1000, 'code']],
  'testing/record/redactor.ts': [['facts.host.length < 4', 4, 'characters']],
  'native/build/build-engine.mjs': [
    ['slice()', 12, 'characters'],
    ['slice()', 16, 'characters'],
  ],
  'native/build/git.mjs': [['slice()', -20, 'lines']],
  'native/build/source.mjs': [['slice()', 3, 'characters']],
  'native/check-engine.mjs': [['slice()', 32, 'characters']],
  'native/lock-file.mjs': [
    ['heartbeatMs', 5000, 'milliseconds'],
    ['silentMs', 120_000, 'milliseconds'],
    ['pollMs', 100, 'milliseconds'],
  ],
  'native/npm-package.mjs': [['progressMs', 200, 'milliseconds']],
  'native/read-tarball.mjs': [
    ['block', 512, 'bytes'],
    ['maxMeta', 1_048_576, 'bytes'],
    ['at >= 148', 148, 'bytes'],
    ['at < 156', 156, 'bytes'],
    ['subarray()', 257, 'bytes'],
    ['subarray()', 262, 'bytes'],
    ['subarray()', 345, 'bytes'],
    ['subarray()', 500, 'bytes'],
    ['subarray()', 100, 'bytes'],
  ],
  'native/run-child.mjs': [
    ['graceMs', 3000, 'milliseconds'],
    ['tailLines', 60, 'lines'],
    ['slice()', -1_000_000, 'characters'],
  ],
  'native/verify-engine.mjs': [['tickMs', 20, 'milliseconds']],
};
