/** A place of the code that decides by words of the engine. */
export interface DecidingPlace {
  file: string;
  words: readonly string[];
  /** What a word that is not there does; see the rule in `sdk/rpc/engine-words.ts`. */
  unknown: string;
  /** `FILE > TITLE` of the test with a word of a later engine; absent where the engine has no say. */
  proof?: string;
}

const events = {
  unknown: 'An event of another method is passed on, and decides nothing.',
  proof:
    'sdk/rpc/engine-words.test.ts > events, items and deltas of a later engine are passed on, and change no result',
};
const goalEvents = ['thread/goal/cleared', 'thread/goal/updated', 'turn/completed', 'turn/started'];
const goalStatus = {
  unknown: 'A goal with another status is not over, as in Python: the engine may continue it. The reader has a signal.',
  proof:
    'sdk/client/goal-handle.test.ts > a turn with a status of a later engine fails by its error, and a goal with one goes on',
};
const given = { unknown: 'The program says it, not the engine.' };
const otherMeaning = { unknown: 'It happens to be a word of the engine too: here it means something else.' };

const mcpEvents = {
  unknown:
    'An MCP server in another state, or a call that ended in another way, tells nothing and restarts nothing; codex.events() has it.',
  proof:
    'sdk/client/mcp.test.ts > events tell of starts, failures without secrets, logins and progress; those of one thread alone if asked',
};

/** Every such place in `sdk/` and `testing/`, but for the scripted model, which speaks the API of models. */
export const decidingPlaces: readonly DecidingPlace[] = [
  // What a turn, a goal and a thread are:
  {
    file: 'sdk/rpc/engine-words.ts',
    words: ['completed', 'failed', 'inProgress', 'interrupted'],
    unknown: 'A turn with another status has failed if it has an error.',
    proof:
      'sdk/client/turn-result.test.ts > of the status %s with the error %j, a word of a later engine fails by its error',
  },
  {
    file: 'sdk/rpc/engine-words.ts',
    words: ['active', 'notLoaded', 'systemError'],
    unknown: 'Whether a thread with another status may have a goal is for the engine to say: it is asked.',
    proof:
      'sdk/client/goal-handle.test.ts > whether a thread with a status of a later engine may have a goal is for the engine to say',
  },
  {
    file: 'sdk/rpc/engine-words.ts',
    words: ['inline'],
    unknown:
      'A review with another delivery may run on any thread: the answer says which, and what it tells before is kept.',
    proof:
      'sdk/client/thread-life.test.ts > a review (%s) on a thread of its own keeps what that thread says before the answer',
  },
  {
    file: 'sdk/rpc/engine-words.ts',
    words: ['turn.completed', 'turn.started'],
    unknown: 'Another event of a turn that carries an error is its failure.',
    proof:
      'sdk/exec/thread.process.test.ts > an event of a turn that a later engine has, and that carries an error, is a failure too',
  },
  {
    file: 'sdk/client/turn-result.ts',
    words: ['agentMessage', 'item/completed', 'thread/tokenUsage/updated', 'turn/completed'],
    ...events,
  },
  {
    file: 'sdk/client/turn-result.ts',
    words: ['final_answer'],
    unknown: 'A message of another phase is never the final response, as in Python; it is among the items.',
    proof: 'sdk/client/turn-result.test.ts > of %j the final response is %j',
  },
  {
    file: 'sdk/client/turn-stream.ts',
    words: ['agentMessage', 'item/agentMessage/delta', 'item/completed', 'turn/completed'],
    ...events,
  },
  {
    file: 'sdk/client/message-texts.ts',
    words: ['agentMessage', 'item/agentMessage/delta', 'item/completed', 'item/started'],
    ...events,
  },
  { file: 'sdk/client/turn-views.ts', words: ['item/completed', 'turn/completed'], ...events },
  { file: 'sdk/client/goal-views.ts', words: ['item/completed', 'turn/completed'], ...events },
  {
    file: 'sdk/client/turn-views.ts',
    words: ['completed'],
    unknown: 'The text of a turn with another status ends as its result does: with an error, if the turn has one.',
    proof: 'sdk/client/turn-views.test.ts > an interrupted turn ends it; a turn that is over and not kept has none',
  },
  { file: 'sdk/rpc/gathering.ts', words: ['item/completed', 'turn/completed'], ...events },
  {
    file: 'sdk/client/session.ts',
    words: ['thread/archived', 'thread/closed', 'thread/deleted', 'turn/start', 'turn/steer'],
    unknown: 'A staged file of which the end of its turn or thread is not told so goes with close().',
    proof: 'sdk/client/files.test.ts > kept for a thread: it goes with %s, not with a turn',
  },
  { file: 'sdk/files/staging.ts', words: ['aborted', 'turn'], ...otherMeaning },
  {
    file: 'sdk/client/session.ts',
    words: ['serverRequest/resolved', 'thread/tokenUsage/updated', 'turn/completed'],
    ...events,
  },
  { file: 'sdk/client/auto-run/auto-run.ts', words: ['thread/tokenUsage/updated'], ...events },
  {
    file: 'sdk/telemetry/session-telemetry.ts',
    words: [
      'item/completed',
      'item/started',
      'thread/closed',
      'thread/tokenUsage/updated',
      'turn/completed',
      'turn/started',
    ],
    ...events,
  },
  {
    file: 'sdk/telemetry/told-methods.ts',
    words: [
      'item/completed',
      'item/started',
      'thread/closed',
      'thread/tokenUsage/updated',
      'turn/completed',
      'turn/started',
    ],
    ...events,
  },
  {
    file: 'sdk/telemetry/tool-of.ts',
    words: ['commandExecution', 'fileChange', 'imageGeneration', 'imageView', 'webSearch'],
    unknown: 'An item of another type is a tool if it names one; otherwise it is told as an item alone.',
  },
  {
    file: 'sdk/telemetry/open-telemetry.ts',
    words: ['agentMessage', 'declined', 'dynamicToolCall', 'failed', 'text'],
    unknown:
      'An item of another type has a span with its type, a tool with another status is no error, and a piece of input of another type is told as it is.',
  },
  {
    file: 'sdk/client/auto-run/auto-run.ts',
    words: ['interrupted'],
    unknown: 'A turn with another status and no error is judged as one that has completed.',
  },
  { file: 'sdk/rpc/connection.ts', words: ['serverRequest/resolved'], ...events },
  {
    file: 'sdk/rpc/turn-log.ts',
    words: ['item/completed', 'thread/tokenUsage/updated', 'turn/completed'],
    ...events,
  },
  {
    file: 'sdk/client/compaction.ts',
    words: ['contextCompaction', 'item/completed', 'item/started', 'turn/completed', 'turn/started'],
    ...events,
  },
  {
    file: 'sdk/client/turn-stops.ts',
    words: ['commandExecution', 'item/completed', 'item/started', 'turn/completed', 'turn/started'],
    ...events,
  },
  {
    file: 'sdk/client/turn-stops.ts',
    words: ['completed'],
    unknown: 'A turn that ended in another way than by itself was stopped: its commands are ended.',
    proof:
      'sdk/client/turn-stops.test.ts > a soft abort asks for no commands where none runs, or where the turn has ended by itself',
  },
  { file: 'sdk/rpc/sub-agents.ts', words: ['collabAgentToolCall', 'subAgentActivity'], ...events },
  { file: 'sdk/rpc/turn-state.ts', words: ['turn/completed'], ...events },
  {
    file: 'sdk/rpc/turn-state.ts',
    words: ['interrupted'],
    unknown: 'A turn with another status has failed if it has an error, and is completed if it has none.',
    proof: 'sdk/rpc/turn-state.test.ts > a turn that ends with the status %s and the error %j is %s',
  },
  {
    file: 'sdk/rpc/turn-state.ts',
    words: ['item/tool/requestUserInput', 'mcpServer/elicitation/request'],
    unknown: 'A turn does not wait for a person because of another request, unless its name ends with `approval`.',
    proof: 'sdk/rpc/turn-state.test.ts > the request %s with %j waits for %s',
  },
  {
    file: 'sdk/client/structured-output.ts',
    words: ['interrupted'],
    unknown: 'Of a turn with another status and no error, the final message is read as its output.',
  },
  { file: 'sdk/rpc/turn-router.ts', words: ['turn/completed'], ...events },
  { file: 'sdk/client/goal-operation.ts', words: goalEvents, ...events },
  { file: 'sdk/client/goal-subscription.ts', words: goalEvents, ...events },
  {
    file: 'sdk/client/goal-events.ts',
    words: ['blocked', 'budgetLimited', 'complete', 'paused', 'usageLimited'],
    ...goalStatus,
  },
  { file: 'sdk/client/goal-operation.ts', words: ['active'], ...goalStatus },
  { file: 'sdk/client/goal-subscription.ts', words: ['active'], ...goalStatus },
  {
    file: 'sdk/client/goal-subscription.ts',
    words: ['interrupted'],
    unknown: 'A turn with another status ends the goal only if the goal is over; it has failed if it has an error.',
    proof: goalStatus.proof,
  },
  {
    file: 'sdk/rpc/route-ids.ts',
    words: ['account/login/completed'],
    unknown: 'Another notification of a login goes to everyone.',
    proof: 'sdk/rpc/route-ids.test.ts > only the completion of a login goes to a login',
  },
  // what it asks:
  {
    file: 'sdk/rpc/server-requests.ts',
    words: [
      'account/chatgptAuthTokens/refresh',
      'applyPatchApproval',
      'attestation/generate',
      'currentTime/read',
      'execCommandApproval',
      'item/commandExecution/requestApproval',
      'item/fileChange/requestApproval',
      'item/permissions/requestApproval',
      'item/tool/call',
      'item/tool/requestUserInput',
      'mcpServer/elicitation/request',
    ],
    unknown: 'Another request goes to the handler as it is; without an answer it is refused, which allows nothing.',
    proof: 'sdk/rpc/server-requests.test.ts > a handler sees the method and the parameters, null where there are none',
  },
  // Who decides on what the agent may do:
  {
    file: 'sdk/approvals/request-broker.ts',
    words: [
      'item/autoApprovalReview/completed',
      'item/completed',
      'item/started',
      'serverRequest/resolved',
      'thread/closed',
      'thread/settings/updated',
      'turn/completed',
    ],
    ...events,
  },
  {
    file: 'sdk/approvals/request-broker.ts',
    words: [
      'account/chatgptAuthTokens/refresh',
      'item/permissions/requestApproval',
      'item/tool/call',
      'item/tool/requestUserInput',
      'mcpServer/elicitation/request',
    ],
    unknown: 'Another request comes to `onServerRequest` alone.',
    proof:
      'sdk/approvals/approvals.test.ts > a request of a later engine comes to the catch-all, and is refused without one',
  },
  {
    file: 'sdk/approvals/request-broker.ts',
    words: ['applyPatch', 'denied', 'mcpToolCall', 'requestPermissions'],
    unknown: 'A review with another status refuses nothing; an action of another type is told as a command.',
    proof: 'sdk/approvals/approvals.test.ts > a review with a word of a later engine refuses nothing',
  },
  { file: 'sdk/approvals/request-broker.ts', words: ['cancel', 'command', 'fileChange'], ...given },
  {
    file: 'sdk/approvals/requests.ts',
    words: [
      'form',
      'item/commandExecution/requestApproval',
      'item/fileChange/requestApproval',
      'item/permissions/requestApproval',
      'mcpServer/elicitation/request',
      'mcp_tool_call',
    ],
    unknown: 'Another request is no approval of ours; an elicitation with another mark is not shown as a form either.',
    proof:
      'sdk/approvals/approvals.test.ts > a request of a later engine comes to the catch-all, and is refused without one',
  },
  {
    file: 'sdk/approvals/requests.ts',
    words: ['fileChange', 'mcpToolCall'],
    unknown: 'A request for an item of another type has no diff, and says so.',
    proof: 'sdk/approvals/approvals.test.ts > a change whose item was not seen has no diff, and says so',
  },
  { file: 'sdk/approvals/started-items.ts', words: ['commandExecution', 'fileChange', 'mcpToolCall'], ...events },
  {
    file: 'sdk/approvals/unified-diff.ts',
    words: ['add', 'delete'],
    unknown: 'A change of another kind is shown as the engine gives it.',
    proof: 'sdk/approvals/unified-diff.test.ts > a change of a later engine is shown as it is',
  },
  {
    file: 'sdk/approvals/policies.ts',
    words: ['command'],
    unknown: 'A request of another kind goes to the next policy.',
    proof: 'sdk/approvals/policies.test.ts > what is no new command goes to the next, whatever it names',
  },
  {
    file: 'sdk/approvals/decisions.ts',
    words: ['allow', 'cancel', 'command', 'decline', 'deny', 'fileChange', 'mcpTool', 'session', 'turn'],
    ...given,
  },
  { file: 'sdk/approvals/options.ts', words: ['command', 'fileChange', 'mcpTool'], ...given },
  {
    file: 'sdk/approvals/other-requests.ts',
    words: ['accept', 'cancel', 'decline', 'session', 'turn'],
    ...given,
  },
  {
    file: 'sdk/client/codex.ts',
    words: ['user'],
    unknown: 'A thread with another reviewer than was asked for gets the right one by its settings.',
    proof: 'sdk/approvals/approvals.test.ts > a thread that the engine resumes with another reviewer is set right',
  },
  // what `codex exec` writes:
  {
    file: 'sdk/exec/parse-event.ts',
    words: [
      'agent_message',
      'item.completed',
      'item.started',
      'item.updated',
      'thread.started',
      'turn.completed',
      'turn.failed',
    ],
    unknown: 'Another event or item is passed on with all its fields.',
    proof: 'sdk/exec/thread.process.test.ts > events and items of unknown kinds pass with all their fields (276)',
  },
  {
    file: 'sdk/exec/run-collector.ts',
    words: ['agent_message', 'error', 'item.completed', 'turn.completed'],
    unknown: 'Another event or item is passed on with all its fields.',
    proof: 'sdk/exec/thread.process.test.ts > events and items of unknown kinds pass with all their fields (276)',
  },
  {
    file: 'sdk/exec/typed-run.ts',
    words: ['agent_message'],
    unknown: 'An item of another type is no answer; it is among the items.',
    proof: 'sdk/exec/thread.process.test.ts > events and items of unknown kinds pass with all their fields (276)',
  },
  {
    file: 'sdk/exec/thread.ts',
    words: ['thread.started'],
    unknown: 'Another event or item is passed on with all its fields.',
    proof: 'sdk/exec/thread.process.test.ts > events and items of unknown kinds pass with all their fields (276)',
  },
  // what a program says:
  { file: 'sdk/client/approval-mode.ts', words: ['auto_review'], ...given },
  { file: 'sdk/client/capability-check.ts', words: ['thread/fork', 'thread/resume', 'turn/start'], ...given },
  { file: 'sdk/client/sandbox.ts', words: ['read-only', 'readOnly', 'workspace-write', 'workspaceWrite'], ...given },
  {
    file: 'sdk/client/wire-input.ts',
    words: ['encrypted_content', 'input_audio', 'input_image', 'input_text'],
    unknown:
      'The program says it. Another kind of content is refused with a TypeError before anything is sent, as in Python.',
  },
  {
    file: 'sdk/client/wire-input.ts',
    words: ['audio', 'image', 'localAudio', 'localImage', 'mention', 'skill', 'text'],
    unknown: 'The program says it. Another type of input is a TypeError that names what fits.',
  },
  { file: 'sdk/client/codex.ts', words: ['thread/fork', 'thread/start'], ...given },
  { file: 'sdk/client/mcp-servers.ts', words: ['command', 'enabled', 'headers', 'url'], ...given },
  { file: 'sdk/mcp/restart.ts', words: ['never'], ...given },
  {
    file: 'sdk/hooks/answers.ts',
    words: ['context', 'postToolUse', 'preToolUse', 'sessionStart', 'stop', 'userPromptSubmit'],
    ...given,
  },
  {
    file: 'sdk/hooks/options.ts',
    words: ['postToolUse', 'preToolUse', 'sessionStart', 'stop', 'userPromptSubmit'],
    ...given,
  },
  { file: 'sdk/exec/input.ts', words: ['text'], ...given },
  { file: 'sdk/output/schema-node.ts', words: ['integer'], ...given },
  {
    file: 'sdk/output/strict-schema.ts',
    words: ['array', 'boolean', 'date', 'date-time', 'email', 'integer', 'number', 'object', 'string'],
    ...given,
  },
  { file: 'sdk/tools/open-with-tools.ts', words: ['namespace'], ...given },
  { file: 'sdk/tools/prepare-tool.ts', words: ['default', 'object'], ...given },
  { file: 'sdk/tools/thread-tools.ts', words: ['image', 'text'], ...given },
  { file: 'sdk/tools/tool-outcome.ts', words: ['audio', 'image', 'text'], ...given },
  { file: 'testing/memory/handlers.ts', words: ['chatgpt', 'chatgptDeviceCode'], ...given },
  { file: 'testing/memory/memory-engine.ts', words: ['turn/start'], ...given },
  // the bridges:
  {
    file: 'sdk/acp/diffs.ts',
    words: ['add', 'delete', 'update'],
    unknown: 'A change of another kind is read as a diff.',
    proof: 'testing/bridges/acp.test.ts > items as calls of tools, one of a later engine left out',
  },
  {
    file: 'sdk/acp/permissions.ts',
    words: ['command', 'fileChange', 'mcpTool'],
    unknown: 'The word is ours: another request of the engine is no approval, and declined before.',
  },
  {
    file: 'sdk/acp/sessions.ts',
    words: ['contextWindowExceeded', 'interrupted'],
    unknown: 'A turn that fails with another word is an error; one that ends with another status has ended.',
    proof: 'testing/bridges/acp.test.ts > a word of a later engine',
  },
  {
    file: 'sdk/acp/tool-calls.ts',
    words: [
      'collabAgentToolCall',
      'commandExecution',
      'completed',
      'dynamicToolCall',
      'fileChange',
      'image',
      'imageView',
      'inProgress',
      'inputText',
      'listFiles',
      'mcpToolCall',
      'read',
      'search',
      'text',
      'webSearch',
    ],
    unknown: 'An item of another type is left out; a call with another status has failed; another action is executed.',
    proof: 'testing/bridges/acp.test.ts > items as calls of tools, one of a later engine left out',
  },
  {
    file: 'sdk/acp/updates.ts',
    words: [
      'agentMessage',
      'completed',
      'inProgress',
      'item/agentMessage/delta',
      'item/commandExecution/outputDelta',
      'item/completed',
      'item/plan/delta',
      'item/reasoning/summaryTextDelta',
      'item/reasoning/textDelta',
      'item/started',
      'plan',
      'reasoning',
      'text',
      'thread/tokenUsage/updated',
      'turn/plan/updated',
      'userMessage',
    ],
    unknown: 'Another event is no update; a step of a plan with another status is pending.',
    proof: 'testing/bridges/acp.test.ts > items as calls of tools, one of a later engine left out',
  },
  {
    file: 'sdk/ai-sdk/engine-tools.ts',
    words: [
      'collabAgentToolCall',
      'commandExecution',
      'declined',
      'dynamicToolCall',
      'failed',
      'fileChange',
      'imageGeneration',
      'imageView',
      'mcpToolCall',
      'sleep',
      'subAgentActivity',
      'webSearch',
    ],
    unknown: 'An item of another type is left out of the parts; a call with another status is not a failure.',
    proof: 'testing/bridges/ai-sdk.test.ts > one of a later engine left out',
  },
  {
    file: 'sdk/ai-sdk/errors.ts',
    words: [
      'badRequest',
      'contextWindowExceeded',
      'internalServerError',
      'serverOverloaded',
      'sessionBudgetExceeded',
      'unauthorized',
      'usageLimitExceeded',
    ],
    unknown: 'A failure with another word has no status of HTTP; whether it may pass, the error itself says.',
    proof:
      'sdk/client/turn-result.test.ts > of the status %s with the error %j, a word of a later engine fails by its error',
  },
  {
    file: 'sdk/ai-sdk/running-turn.ts',
    words: ['completed', 'interrupted', 'turn/completed'],
    unknown: 'A turn that ends with another status ends with the reason other; another event decides nothing.',
    proof: 'testing/bridges/ai-sdk.test.ts > paused by a later engine',
  },
  {
    file: 'sdk/ai-sdk/step-parts.ts',
    words: [
      'agentMessage',
      'dynamicToolCall',
      'final_answer',
      'function_call',
      'item/agentMessage/delta',
      'item/completed',
      'item/plan/delta',
      'item/reasoning/summaryTextDelta',
      'item/reasoning/textDelta',
      'item/started',
      'plan',
      'rawResponse/completed',
      'rawResponseItem/completed',
      'reasoning',
      'text',
      'thread/tokenUsage/updated',
    ],
    unknown: 'Another event is a raw chunk alone, an item of another type no part.',
    proof: 'testing/bridges/ai-sdk.test.ts > one of a later engine left out',
  },
  // and what only looks like it:
  {
    file: 'sdk/acp/content.ts',
    words: ['audio', 'http', 'image', 'resource', 'resource_link', 'text'],
    ...otherMeaning,
  },
  { file: 'sdk/acp/modes.ts', words: ['auto'], ...otherMeaning },
  { file: 'sdk/acp/serve.ts', words: ['thread'], ...otherMeaning },
  { file: 'sdk/ai-sdk/call-settings.ts', words: ['json', 'summary'], ...otherMeaning },
  { file: 'sdk/ai-sdk/conversations.ts', words: ['default', 'function', 'json', 'none'], ...otherMeaning },
  { file: 'sdk/ai-sdk/files.ts', words: ['audio', 'image', 'text', 'url'], ...otherMeaning },
  { file: 'sdk/ai-sdk/provider.ts', words: ['thread'], ...otherMeaning },
  {
    file: 'sdk/ai-sdk/read-prompt.ts',
    words: ['assistant', 'audio', 'file', 'image', 'json', 'system', 'text', 'user'],
    ...otherMeaning,
  },
  { file: 'sdk/attach/attach.ts', words: ['agent'], ...otherMeaning },
  { file: 'sdk/attach/frames.ts', words: ['binary', 'text', 'unsupported'], ...otherMeaning },
  { file: 'sdk/attach/upgrade.ts', words: ['websocket'], ...otherMeaning },
  { file: 'sdk/client/auto-run/auto-run.ts', words: ['aborted'], ...otherMeaning },
  { file: 'sdk/telemetry/open-telemetry.ts', words: ['review/start', 'turn/start'], ...otherMeaning },
  {
    file: 'sdk/telemetry/session-telemetry.ts',
    words: ['thread/fork', 'thread/resume', 'thread/start', 'thread/unarchive'],
    ...otherMeaning,
  },
  {
    file: 'sdk/telemetry/life-cycle.ts',
    words: ['item.completed', 'item.started', 'thread.started', 'turn.completed', 'turn.failed', 'turn.started'],
    ...otherMeaning,
  },
  {
    file: 'sdk/telemetry/log-sink.ts',
    words: ['thread.started', 'turn.completed', 'turn.failed', 'turn.started'],
    ...otherMeaning,
  },
  { file: 'sdk/client/compaction.ts', words: ['thread/compact/start', 'wait'], ...otherMeaning },
  { file: 'sdk/client/config.ts', words: ['detached'], ...otherMeaning },
  { file: 'sdk/output/output-error.ts', words: ['interrupted'], ...otherMeaning },
  { file: 'sdk/rpc/turn-state.ts', words: ['completed', 'ended', 'failed', 'idle', 'starting'], ...otherMeaning },
  { file: 'sdk/tools/run-tool.ts', words: ['timeout'], ...otherMeaning },
  { file: 'sdk/client/rpc.ts', words: ['none'], ...otherMeaning },
  { file: 'sdk/client/thread-life.ts', words: ['summary'], ...otherMeaning },
  { file: 'sdk/client/thread-options.ts', words: ['ephemeral'], ...otherMeaning },
  { file: 'sdk/client/turn-options.ts', words: ['summary'], ...otherMeaning },
  { file: 'sdk/errors/connection-errors.ts', words: ['none'], ...otherMeaning },
  { file: 'sdk/errors/retry-on-overload.ts', words: ['sleep'], ...otherMeaning },
  { file: 'sdk/exec/login-with-auth-json.ts', words: ['path'], ...otherMeaning },
  { file: 'sdk/exec/options.ts', words: ['apiKey', 'detached', 'remote'], ...otherMeaning },
  { file: 'sdk/transport/json-scanner.ts', words: ['start', 'text'], ...otherMeaning },
  { file: 'testing/engine/tee.mjs', words: ['exec'], ...otherMeaning },
  { file: 'testing/engine/wire-log.ts', words: ['exec'], ...otherMeaning },
  { file: 'testing/golden/placeholders.ts', words: ['item', 'thread', 'turn'], ...otherMeaning },
  { file: 'testing/play/script-types.ts', words: ['answer', 'auto', 'error', 'start', 'stderr'], ...otherMeaning },
  { file: 'testing/record/recording.ts', words: ['exec'], ...otherMeaning },
  { file: 'testing/record/redactor.ts', words: ['email'], ...otherMeaning },
  {
    file: 'sdk/mcp/events.ts',
    words: [
      ...['cancelled', 'failed', 'item/completed', 'item/mcpToolCall/progress', 'mcpServer/oauthLogin/completed'],
      ...['mcpServer/startupStatus/updated', 'mcpToolCall', 'ready', 'reauthenticationRequired', 'starting'],
    ],
    ...mcpEvents,
  },
  { file: 'sdk/mcp/mcp-watch.ts', words: ['mcpServer/oauthLogin/completed'], ...mcpEvents },
  {
    file: 'sdk/mcp/supervisor.ts',
    words: [
      ...[
        'connected',
        'failed',
        'ready',
        'starting',
        'thread/archived',
        'thread/closed',
        'thread/deleted',
        'turn/started',
      ],
    ],
    ...mcpEvents,
  },
  {
    file: 'sdk/hooks/open-hooks.ts',
    words: ['trusted'],
    unknown:
      'A hook whose trust has another word is taken for one that does not run: connecting fails, and names the word.',
    proof:
      'sdk/hooks/hooks.process.test.ts > a hook that the engine lists in another state is an error that names the state',
  },
];
