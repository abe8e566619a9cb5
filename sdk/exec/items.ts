/** How a command stands. */
export type CommandExecutionStatus = 'in_progress' | 'completed' | 'failed';

/** A command that the agent runs. */
export type CommandExecutionItem = {
  id: string;
  type: 'command_execution';
  command: string;
  /** Its stdout and stderr so far, together. */
  aggregated_output: string;
  /** Null or absent while it runs: compare with `== null`. */
  exit_code?: number;
  status: CommandExecutionStatus;
};

/** What happened to a file. */
export type PatchChangeKind = 'add' | 'delete' | 'update';

/** One file of a change. */
export type FileUpdateChange = { path: string; kind: PatchChangeKind };

/** How a change of files ended. In `item.started` the engine says `in_progress` as well, which the official type does not have. */
export type PatchApplyStatus = 'completed' | 'failed';

/** Files that the agent changed, or failed to change. */
export type FileChangeItem = {
  id: string;
  type: 'file_change';
  changes: FileUpdateChange[];
  status: PatchApplyStatus;
};

/** How a call of a tool stands. */
export type McpToolCallStatus = 'in_progress' | 'completed' | 'failed';

type McpResourceContents = { uri: string; mimeType?: string; _meta?: Record<string, unknown> };
type McpContentCommon = { annotations?: Record<string, unknown>; _meta?: Record<string, unknown> };

/** One piece of what an MCP tool returned, as the Model Context Protocol has it. */
export type McpContentBlock =
  | ({ type: 'text'; text: string } & McpContentCommon)
  | ({ type: 'image' | 'audio'; data: string; mimeType: string } & McpContentCommon)
  | ({
      type: 'resource_link';
      uri: string;
      name: string;
      title?: string;
      description?: string;
      mimeType?: string;
      size?: number;
    } & McpContentCommon)
  | ({
      type: 'resource';
      resource: (McpResourceContents & { text: string }) | (McpResourceContents & { blob: string });
    } & McpContentCommon);

/** A call of a tool of an MCP server. */
export type McpToolCallItem = {
  id: string;
  type: 'mcp_tool_call';
  server: string;
  tool: string;
  arguments: unknown;
  /** What the tool returned, an error of its own included; else null or absent: compare with `== null`. */
  result?: { content: McpContentBlock[]; _meta?: unknown; structured_content: unknown };
  /** Of a call that could not be made; else null or absent: compare with `== null`. */
  error?: { message: string };
  status: McpToolCallStatus;
};

/** What the agent says; JSON as text where a schema was given. */
export type AgentMessageItem = { id: string; type: 'agent_message'; text: string };

/** A summary of what the agent thought. */
export type ReasoningItem = { id: string; type: 'reasoning'; text: string };

/** A search of the web. */
export type WebSearchItem = { id: string; type: 'web_search'; query: string };

/** An error that does not end the turn. */
export type ErrorItem = { id: string; type: 'error'; message: string };

/** One thing of the agent's list. */
export type TodoItem = { text: string; completed: boolean };

/** The agent's list of what is to be done. It is updated while the turn runs. */
export type TodoListItem = { id: string; type: 'todo_list'; items: TodoItem[] };

/**
 * Something that happened in a turn. An item of a kind that is not listed here passes through as the engine sent it:
 * see `UnknownThreadItem`.
 */
export type ThreadItem =
  | AgentMessageItem
  | ReasoningItem
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem
  | WebSearchItem
  | TodoListItem
  | ErrorItem;

/** An item of a later engine, with all its fields. Not part of `ThreadItem`: its `type` could not tell the others apart then. */
export type UnknownThreadItem = { id: string; type: string; [field: string]: unknown };
