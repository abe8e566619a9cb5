/**
 * What the protocol's events and items are, in our own words: the engine's prose is not ours to publish. They become doc comments of `sdk/protocol` and
 * `docs/events.md`. What a new engine adds is a gap until it has its words here.
 */
export interface TypeWords {
  /** One or two sentences; of an event, when it comes. */
  is: string;
  /** Each field of the type, with its unit. */
  fields: Readonly<Record<string, string>>;
}

/** The events that a user of a turn meets, in the order in which a page tells them. Their types have words below. */
export const eventsInWords = [
  'turn/started',
  'item/started',
  'item/agentMessage/delta',
  'item/completed',
  'turn/completed',
  'error',
  'thread/tokenUsage/updated',
  'item/reasoning/summaryPartAdded',
  'item/reasoning/summaryTextDelta',
  'item/reasoning/textDelta',
  'item/plan/delta',
  'turn/plan/updated',
  'item/commandExecution/outputDelta',
  'item/commandExecution/terminalInteraction',
  'item/fileChange/patchUpdated',
  'turn/diff/updated',
  'item/mcpToolCall/progress',
  'item/autoApprovalReview/started',
  'item/autoApprovalReview/completed',
  'model/rerouted',
] as const;

const ofTurn = { threadId: 'The thread of the turn.', turnId: 'The turn.' };
const ofItem = { ...ofTurn, itemId: 'The item, as `item/started` named it.' };

const itemFields = {
  id: 'Names the item in its events; unique within the thread.',
  type: 'Tells the kinds of items apart.',
  startedAtMs: 'When it began, in milliseconds since 1970.',
  completedAtMs: 'When it ended, in milliseconds since 1970; null while it runs.',
};
const durationMs = 'How long it took, in milliseconds; null while it runs.';

export const typeWords: Readonly<Record<string, TypeWords>> = {
  // Events.
  TurnStartedNotification: {
    is: 'A turn has begun. It comes once, before the events of its items.',
    fields: { threadId: 'The thread of the turn.', turn: 'The turn, in progress and without items.' },
  },
  TurnCompletedNotification: {
    is: 'A turn has ended, well or not. It is the last event of the turn, and ends its stream.',
    fields: {
      threadId: 'The thread of the turn.',
      turn: 'The turn, with its status and its error. Its `items` are not all of them: collect those of `item/completed`.',
    },
  },
  ItemStartedNotification: {
    is: 'Something that the turn consists of has begun: a message, a command, a change of files. Its text comes in deltas, its end in `item/completed`. An interrupted turn leaves items without an end.',
    fields: {
      ...ofTurn,
      item: 'The item as far as it is known: a message without its text, a command without its output.',
      startedAtMs: 'When it began, in milliseconds since 1970.',
    },
  },
  ItemCompletedNotification: {
    is: 'An item has ended, and is whole now. A failed command is an item that has ended, too.',
    fields: {
      ...ofTurn,
      item: 'The whole item. It takes the place of what `item/started` and the deltas said.',
      completedAtMs: 'When it ended, in milliseconds since 1970.',
      contentTokenCount: 'The tokens of its content; null if they were not counted.',
    },
  },
  AgentMessageDeltaNotification: {
    is: 'The next piece of the answer that the model is writing. The pieces of an item, joined, are its text.',
    fields: { ...ofItem, delta: 'The piece. It may end within a word.' },
  },
  ErrorNotification: {
    is: 'Something went wrong in the turn: a request to the model failed. With `willRetry`, the turn goes on; otherwise `turn/completed` follows with the same error.',
    fields: {
      ...ofTurn,
      error: 'What went wrong.',
      willRetry: 'Whether the engine tries again by itself.',
    },
  },
  ThreadTokenUsageUpdatedNotification: {
    is: 'The tokens that the thread has used. It comes after each answer of the model, so several times in a turn with tools.',
    fields: { ...ofTurn, tokenUsage: 'Of the last request to the model, and of the whole thread.' },
  },
  ReasoningSummaryPartAddedNotification: {
    is: "The summary of the model's reasoning has a new part. Its text follows in `item/reasoning/summaryTextDelta`.",
    fields: { ...ofItem, summaryIndex: "The place of the part in the item's `summary`, from 0." },
  },
  ReasoningSummaryTextDeltaNotification: {
    is: "The next piece of a part of the summary of the model's reasoning.",
    fields: {
      ...ofItem,
      summaryIndex: "The place of the part in the item's `summary`, from 0.",
      delta: 'The piece. It may end within a word.',
    },
  },
  ReasoningTextDeltaNotification: {
    is: 'The next piece of the reasoning itself. Few models show it; most give a summary alone.',
    fields: {
      ...ofItem,
      contentIndex: "The place of the text in the item's `content`, from 0.",
      delta: 'The piece. It may end within a word.',
    },
  },
  PlanDeltaNotification: {
    is: 'The next piece of the plan that the model proposes in plan mode.',
    fields: { ...ofItem, delta: 'The piece. The pieces, joined, may differ from the text of the completed item.' },
  },
  TurnPlanUpdatedNotification: {
    is: 'The model has written its list of steps anew. Each list takes the place of the one before.',
    fields: {
      ...ofTurn,
      explanation: 'What the model says of the change; null if it says nothing.',
      plan: 'All steps, in their order.',
    },
  },
  CommandExecutionOutputDeltaNotification: {
    is: 'The next piece of what a running command prints, to stdout and stderr alike.',
    fields: { ...ofItem, delta: 'The piece, as text. It may end within a line.' },
  },
  TerminalInteractionNotification: {
    is: 'The model has written to the input of a command that still runs, or has looked at its output again.',
    fields: {
      ...ofItem,
      processId: "The engine's name for the running command, as in the item's `processId`.",
      stdin: 'What was written to it; empty if nothing was.',
    },
  },
  FileChangePatchUpdatedNotification: {
    is: 'The change of files that the model is writing has grown. Nothing is on disk yet.',
    fields: { ...ofItem, changes: 'All files that it touches so far.' },
  },
  TurnDiffUpdatedNotification: {
    is: 'What the turn has changed on disk so far. It comes after each change of files; the last one has all of them.',
    fields: { ...ofTurn, diff: 'One unified diff, as `git diff` writes it, since the turn began.' },
  },
  McpToolCallProgressNotification: {
    is: 'A tool of an MCP server says how far it is.',
    fields: { ...ofItem, message: "The tool's own words." },
  },
  ItemGuardianApprovalReviewStartedNotification: {
    is: "The engine's reviewer has begun to decide whether the model may do something. It comes when approvals are reviewed automatically.",
    fields: {
      ...ofTurn,
      reviewId: 'Names the review; `item/autoApprovalReview/completed` repeats it.',
      targetItemId: 'The item that it is about; null if it is about none.',
      action: 'What the model wants to do.',
      review: 'The review, in progress.',
      startedAtMs: 'When the review began, in milliseconds since 1970.',
    },
  },
  ItemGuardianApprovalReviewCompletedNotification: {
    is: "The engine's reviewer has decided whether the model may do something.",
    fields: {
      ...ofTurn,
      reviewId: 'Names the review, as in `item/autoApprovalReview/started`.',
      targetItemId: 'The item that it is about; null if it is about none.',
      action: 'What the model wants to do.',
      review: 'The decision, with its reason.',
      decisionSource: 'Who has decided.',
      startedAtMs: 'When the review began, in milliseconds since 1970.',
      completedAtMs: 'When it ended, in milliseconds since 1970.',
    },
  },
  ModelReroutedNotification: {
    is: 'The provider lets another model answer than the one that was asked for.',
    fields: { ...ofTurn, fromModel: 'The model that was asked.', toModel: 'The model that answers.', reason: 'Why.' },
  },

  // What they hold.
  Turn: {
    is: 'One turn of a thread: an input, and everything up to the answer.',
    fields: {
      id: 'Names the turn.',
      status: '`inProgress`, then `completed`, `failed` or `interrupted`.',
      error: 'Why it failed; null otherwise.',
      items: 'Its items, as far as `itemsView` says.',
      itemsView: 'How many of the items are in `items`: `full`, a `summary`, or `notLoaded`.',
      rootTurnId: 'The turn of the user that this one belongs to; of that turn, its own id.',
      startedAt: 'When it began, in seconds since 1970; null if that is not known.',
      completedAt: 'When it ended, in seconds since 1970; null while it runs.',
      durationMs: 'How long it took, in milliseconds; null while it runs.',
    },
  },
  TurnError: {
    is: 'Why a turn failed, or why a request to the model is tried again.',
    fields: {
      message: 'For people.',
      codexErrorInfo: 'The kind of error, for programs; null if the engine knows none.',
      additionalDetails: 'More for people, such as the answer of the provider.',
      misalignment: "For a turn that was stopped by the provider's check for misalignment: what it says.",
    },
  },
  ThreadTokenUsage: {
    is: 'Tokens that a thread has used.',
    fields: {
      last: 'Of the last request to the model. `inputTokens` is what the context holds now.',
      total: 'Of all requests of the thread.',
      modelContextWindow: "How many tokens the model's context holds; null if that is not known.",
    },
  },
  TokenUsageBreakdown: {
    is: 'Tokens by kind.',
    fields: {
      inputTokens: 'Sent to the model, those from its cache among them.',
      cachedInputTokens: "Of the input: read from the provider's cache.",
      cacheWriteInputTokens: "Of the input: written to the provider's cache.",
      outputTokens: 'Written by the model, its reasoning among them.',
      reasoningOutputTokens: 'Of the output: reasoning.',
      totalTokens: 'Input and output together, as the provider counts.',
    },
  },
  FileUpdateChange: {
    is: 'What a change does to one file.',
    fields: {
      path: 'The file; absolute, except while the model is still writing the change.',
      kind: '`add`, `delete`, or `update`, which may move the file to `move_path`.',
      diff: 'Of an update, a unified diff; otherwise the content of the file.',
    },
  },
  TurnPlanStep: {
    is: 'A step of the list that the model keeps.',
    fields: { step: 'What is to be done.', status: '`pending`, `inProgress` or `completed`.' },
  },
  GuardianApprovalReview: {
    is: "What the engine's reviewer says of an action.",
    fields: {
      status: '`inProgress`, then `approved`, `denied`, `timedOut` or `aborted`.',
      rationale: 'Its reason; null while it decides.',
      riskLevel: 'How much harm the action could do; null while it decides.',
      userAuthorization: 'How clearly the user has asked for the action; null while it decides.',
    },
  },

  // Items.
  UserMessageThreadItem: {
    is: 'What the user said: the input of the turn, or what was added to it by `steer`.',
    fields: {
      ...itemFields,
      clientId: 'The id that the client gave to the message; null if it gave none.',
      content: 'The parts of the input: texts, images, skills, mentions.',
    },
  },
  AgentMessageThreadItem: {
    is: 'A message of the model. A turn may have several: comments on the way, and an answer.',
    fields: {
      ...itemFields,
      text: 'The message; empty until it is completed.',
      phase: '`commentary` on the way, or `final_answer`; null if the model does not say.',
      delivery: '`async` for a message that asks something while the turn goes on; null otherwise.',
      questions: 'What such a message asks; null otherwise.',
      memoryCitation: 'The memories that it refers to; null if it refers to none.',
      moderation: "What the provider's moderation says of it; null if it says nothing.",
    },
  },
  ReasoningThreadItem: {
    is: 'What the model thought before it went on.',
    fields: {
      ...itemFields,
      summary: 'The parts of the summary; empty if the model gives none.',
      content: 'The reasoning itself; empty for most models.',
    },
  },
  CommandExecutionThreadItem: {
    is: 'A command that the model runs in the sandbox, or that it was refused.',
    fields: {
      ...itemFields,
      command: 'The command line, with the shell that runs it.',
      commandActions: 'What the command does, as far as the engine can tell: reads a file, lists, searches.',
      cwd: 'The folder that it runs in.',
      status: '`inProgress`, then `completed`, `failed`, or `declined` if it was not allowed.',
      exitCode: 'Its exit code; null while it runs, and if it never ran.',
      aggregatedOutput: 'All that it printed, to stdout and stderr alike; null if that is not known yet.',
      durationMs,
      processId: "The engine's name for the running command; null if it has none.",
      source: 'Who runs it: the model (`agent`), the user, or a terminal that stays open.',
      scriptPath: 'The script of a plugin or skill that the command runs; null otherwise.',
      pluginId: 'The plugin that the command belongs to; null otherwise.',
    },
  },
  FileChangeThreadItem: {
    is: 'A change of files that the model makes in one step.',
    fields: {
      ...itemFields,
      changes: 'The files, each with its diff.',
      status: '`inProgress`, then `completed`, `failed`, or `declined` if it was not allowed.',
    },
  },
  McpToolCallThreadItem: {
    is: 'A call of a tool of an MCP server.',
    fields: {
      ...itemFields,
      server: 'The server, as the configuration names it.',
      tool: 'The tool.',
      arguments: 'What it was given, as JSON.',
      status: '`inProgress`, then `completed` or `failed`.',
      result: 'What it gave back; null while it runs, and if it failed.',
      error: 'Why it failed; null otherwise.',
      durationMs,
      readOnlyHint: 'Whether the server says that the tool changes nothing; null if it does not say.',
      environmentId: 'The environment that the server runs in; null for the local one.',
      appContext: 'The app that the tool belongs to; null if it belongs to none.',
      mcpAppUi: 'The view that the tool brings; null if it brings none.',
      mcpAppResourceUri: "The address of the tool's view. Read `mcpAppUi` instead.",
      pluginId: 'The plugin that brought the server; null otherwise.',
    },
  },
  DynamicToolCallThreadItem: {
    is: 'A call of a tool that the client offers itself and answers (`item/tool/call`).',
    fields: {
      ...itemFields,
      tool: 'The tool.',
      namespace: 'The group of tools that it belongs to; null if it belongs to none.',
      arguments: 'What it was given, as JSON.',
      status: '`inProgress`, then `completed` or `failed`.',
      contentItems: 'What the client answered; null while it runs.',
      success: 'Whether the client called it a success; null while it runs.',
      durationMs,
    },
  },
  FunctionCallOutputThreadItem: {
    is: 'The answer of a tool that was given to the thread from outside.',
    fields: {
      ...itemFields,
      name: 'The tool.',
      namespace: 'The group of tools that it belongs to; null if it belongs to none.',
      output: 'The answer: a text, or its parts.',
    },
  },
  WebSearchThreadItem: {
    is: 'A search on the web, made by the provider for the model.',
    fields: {
      ...itemFields,
      query: 'What was searched for; empty until it is known.',
      action: 'What the model did: searched, opened a page, looked within it; null if it is not known yet.',
      results: 'What was found; null if the provider does not say.',
    },
  },
  PlanThreadItem: {
    is: 'The plan that the model proposes in plan mode.',
    fields: { ...itemFields, text: 'The plan, in Markdown.' },
  },
  ImageViewThreadItem: {
    is: 'The model has looked at an image on disk.',
    fields: { ...itemFields, path: 'The image.' },
  },
  ImageGenerationThreadItem: {
    is: 'An image that the provider makes for the model.',
    fields: {
      ...itemFields,
      status: "How far it is, in the provider's own words.",
      result: 'The image, in base64; empty until it is there.',
      fileId: "In place of `result`: the provider's name for the image.",
      generationId: "The provider's name for the generation; null if it gives none.",
      inputImages: 'The images that it was made from.',
      revisedPrompt: 'What the model asked for, as the provider understood it; null if it does not say.',
      savedPath: 'Where the engine has saved the image; null if it has not.',
      transparentBackground: 'Whether the background is transparent; null if that is not known.',
      failure: 'Why no image was made; null otherwise.',
    },
  },
  SleepThreadItem: {
    is: 'The model waits.',
    fields: { ...itemFields, durationMs: 'How long, in milliseconds.' },
  },
  HookPromptThreadItem: {
    is: 'What a hook told the model.',
    fields: { ...itemFields, fragments: 'The texts, each with the run of the hook that wrote it.' },
  },
  CollabAgentToolCallThreadItem: {
    is: 'The model deals with another agent: it starts one, sends it a message, waits for it, or ends it.',
    fields: {
      ...itemFields,
      tool: 'What it does: `spawnAgent`, `sendInput`, `wait`, `closeAgent` and so on.',
      status: '`inProgress`, then `completed`, `failed` or `interrupted`.',
      senderThreadId: 'The thread of the model that does it.',
      receiverThreadIds: 'The threads of the other agents; empty until they are there.',
      agentsStates: 'How the other agents are, by thread.',
      prompt: 'What they are told; null if nothing.',
      model: 'The model of a new agent; null otherwise.',
      reasoningEffort: 'The effort of a new agent; null otherwise.',
    },
  },
  SubAgentActivityThreadItem: {
    is: 'Another agent of the thread has begun, been spoken to, been interrupted, or ended.',
    fields: {
      ...itemFields,
      kind: 'What happened: `started`, `interacted`, `interrupted` or `completed`.',
      agentThreadId: "The agent's thread.",
      agentPath: "The agent's place in the tree of agents, such as `/root/sub_one`.",
      model: "The agent's model; null if it is not known.",
      reasoningEffort: "The agent's effort; null if it is not known.",
    },
  },
  EnteredReviewModeThreadItem: {
    is: 'A review of code has begun.',
    fields: { ...itemFields, review: 'What is to be reviewed, in words.' },
  },
  ExitedReviewModeThreadItem: {
    is: 'A review of code has ended.',
    fields: { ...itemFields, review: 'The result, as text.' },
  },
  ContextCompactionThreadItem: {
    is: "The engine has replaced the thread's history by a summary, because the context was full or because you asked for it.",
    fields: itemFields,
  },
};

/** The items of `ThreadItem`, in the order in which a page tells them. */
export const itemsInWords = Object.keys(typeWords).filter((name) => name.endsWith('ThreadItem'));

/** One sentence for each event of the engine that is not in `eventsInWords`. */
export const eventSentences: Readonly<Record<string, string>> = {
  'account/gatewayOAuth/changed': 'A login at the gateway of a model provider has begun, ended or failed.',
  'account/login/completed': 'A login that you started has ended, well or not.',
  'account/rateLimits/updated': "The account's rate limits, as the last answer of the model told them.",
  'account/updated': 'Who is logged in has changed.',
  'app/list/updated': 'The apps that are available have changed.',
  'autoApprovalReview/strictReviewRequired': "From here on, the turn's actions are reviewed strictly.",
  'command/exec/outputDelta': 'The next piece of what a command of `command/exec` prints, in base64.',
  configWarning: 'Something in the configuration is not as it should be.',
  deprecationNotice: 'Something that you use will be removed from the engine.',
  'externalAgentConfig/import/completed': "An import of another agent's configuration has ended.",
  'externalAgentConfig/import/progress': "An import of another agent's configuration has got further.",
  'fs/changed': 'Files that you watch with `fs/watch` have changed.',
  'fuzzyFileSearch/sessionCompleted': 'A search for file names has found everything.',
  'fuzzyFileSearch/sessionUpdated': 'A search for file names has new results.',
  guardianWarning: "The engine's reviewer warns of something.",
  'hook/completed': 'A hook has ended.',
  'hook/started': 'A hook has begun.',
  'item/fileChange/outputDelta': 'The next piece of what applying a change of files prints.',
  'mcpServer/event/stream/notification': 'An MCP server has sent an event that you subscribed to.',
  'mcpServer/oauthLogin/completed': 'A login at an MCP server has ended, well or not.',
  'mcpServer/startupStatus/updated': 'An MCP server is starting, has started, or could not start.',
  'model/safetyBuffering/updated': 'The provider holds the answer back while it is checked.',
  'model/verification': 'The provider wants something verified before the model answers.',
  'modelProvider/authRecoveryCompleted': 'The login at the model provider works again.',
  'modelProvider/authRecoveryStarted': 'The login at the model provider has expired, and the engine renews it.',
  'process/exited': 'A process of `process/spawn` has ended.',
  'process/outputDelta': 'The next piece of what a process of `process/spawn` prints, in base64.',
  'project/changed': 'A project was made, changed or deleted.',
  'rawResponse/completed': 'An answer of the model has ended, as the provider tells it.',
  'rawResponseItem/completed': "An item of the model's answer, as the provider wrote it.",
  'remoteControl/status/changed': 'Remote control of the engine was switched on or off, or its connection has changed.',
  'serverRequest/resolved': 'A request of the engine needs no answer any more, from you or anybody.',
  'skills/changed': 'The skills that are available may have changed: list them again.',
  'thread/archived': 'A thread was archived.',
  'thread/attachment/updated': 'An attachment of a thread was made, changed or removed.',
  'thread/closed': 'A thread is no longer loaded in the engine.',
  'thread/compacted': 'The history of a thread was replaced by a summary; the item `contextCompaction` says the same.',
  'thread/deleted': 'A thread was deleted.',
  'thread/environment/connected': 'An environment that a thread works in is connected.',
  'thread/environment/disconnected': 'An environment that a thread works in has lost its connection.',
  'thread/goal/cleared': 'A thread has no goal any more.',
  'thread/goal/updated': 'The goal of a thread, or how far it is, has changed.',
  'thread/name/updated': 'A thread has a new name.',
  'thread/prediction/updated': 'What the user may say next, as the engine predicts it.',
  'thread/project/updated': 'A thread was moved to another project.',
  'thread/queue/changed': "The inputs that wait for the thread's next turn have changed.",
  'thread/readState/changed': 'What is unread in a thread has changed.',
  'thread/realtime/closed': 'A realtime session has ended.',
  'thread/realtime/error': 'A realtime session has failed.',
  'thread/realtime/item/completed': 'An item of a realtime session is whole.',
  'thread/realtime/item/started': 'An item of a realtime session has begun.',
  'thread/realtime/item/transcript/delta': 'The next piece of the transcript of an item of a realtime session.',
  'thread/realtime/itemAdded': 'A realtime session has a new item, as the provider wrote it.',
  'thread/realtime/outputAudio/delta': 'The next piece of what a realtime session says, as audio.',
  'thread/realtime/sdp': 'The answer that connects a realtime session by WebRTC.',
  'thread/realtime/started': 'A realtime session has begun.',
  'thread/realtime/transcript/delta': 'The next piece of the transcript of a realtime session.',
  'thread/realtime/transcript/done': 'A part of the transcript of a realtime session is whole.',
  'thread/reverted': 'A thread was put back to an earlier turn.',
  'thread/search/partial': 'The first results of a search in threads.',
  'thread/section/changed': 'A thread was moved to another section of the list.',
  'thread/settings/updated': 'The settings of a thread have changed: its model, sandbox or approvals.',
  'thread/started': 'A thread was started, resumed or forked.',
  'thread/status/changed': 'A thread has become active or idle, or waits for an answer of yours.',
  'thread/unarchived': 'A thread is no longer archived.',
  'turn/moderationMetadata': "What the provider's moderation says of the turn.",
  warning: 'The engine warns of something, in words for people.',
  'windows/worldWritableWarning': 'On Windows: everybody may write in folders that the sandbox should protect.',
  'windowsSandbox/setupCompleted': 'On Windows: the set-up of the sandbox has ended.',
};
