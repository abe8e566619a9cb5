/** The status of a command. */
export type CommandExecutionStatus = 'in_progress' | 'completed' | 'failed';

/** A command that the agent runs. */
export type CommandExecutionItem = {
  id: string;
  type: 'command_execution';
  command: string;
  /** Its stdout and stderr so far, combined. */
  aggregated_output: string;
  /** Null or absent while it runs: compare with `== null`. */
  exit_code?: number;
  status: CommandExecutionStatus;
};

/** What happened to a file. */
export type PatchChangeKind = 'add' | 'delete' | 'update';

/** One file of a change. */
export type FileUpdateChange = { path: string; kind: PatchChangeKind };

/**
 * How a file change ended. In `item.started` the engine also sends `in_progress`, which the official type does not
 * have.
 */
export type PatchApplyStatus = 'completed' | 'failed';

/** Files that the agent changed, or failed to change. */
export type FileChangeItem = {
  id: string;
  type: 'file_change';
  changes: FileUpdateChange[];
  status: PatchApplyStatus;
};

/** The status of a tool call. */
export type McpToolCallStatus = 'in_progress' | 'completed' | 'failed';

// Mutually assignable with the declarations of `@modelcontextprotocol/sdk`, which the official client refers to.
type McpMeta = { _meta?: { [key: string]: unknown } | undefined };
type McpResourceContents = { uri: string; mimeType?: string | undefined } & McpMeta;
type McpContentCommon = {
  annotations?:
    | {
        audience?: ('user' | 'assistant')[] | undefined;
        priority?: number | undefined;
        lastModified?: string | undefined;
      }
    | undefined;
} & McpMeta;

/** One piece of what an MCP tool returned, as in the Model Context Protocol. */
export type McpContentBlock =
  | ({ type: 'text'; text: string } & McpContentCommon)
  | ({ type: 'image'; data: string; mimeType: string } & McpContentCommon)
  | ({ type: 'audio'; data: string; mimeType: string } & McpContentCommon)
  | ({
      type: 'resource_link';
      uri: string;
      name: string;
      title?: string | undefined;
      description?: string | undefined;
      mimeType?: string | undefined;
      size?: number | undefined;
      icons?:
        | {
            src: string;
            mimeType?: string | undefined;
            sizes?: string[] | undefined;
            theme?: 'light' | 'dark' | undefined;
          }[]
        | undefined;
    } & McpContentCommon)
  | ({
      type: 'resource';
      resource: (McpResourceContents & { text: string }) | (McpResourceContents & { blob: string });
    } & McpContentCommon);

/** A call to a tool of an MCP server. */
export type McpToolCallItem = {
  id: string;
  type: 'mcp_tool_call';
  server: string;
  tool: string;
  arguments: unknown;
  /** What the tool returned, including an error of its own; otherwise null or absent: compare with `== null`. */
  result?: { content: McpContentBlock[]; _meta?: unknown; structured_content: unknown };
  /** Set if the call could not be made; otherwise null or absent: compare with `== null`. */
  error?: { message: string };
  status: McpToolCallStatus;
};

/** A message of the agent. With a schema, it is JSON text. */
export type AgentMessageItem = { id: string; type: 'agent_message'; text: string };

/** A summary of the agent's reasoning. */
export type ReasoningItem = { id: string; type: 'reasoning'; text: string };

/** A web search. */
export type WebSearchItem = { id: string; type: 'web_search'; query: string };

/** An error that does not end the turn. */
export type ErrorItem = { id: string; type: 'error'; message: string };

/** One entry of the agent's list. */
export type TodoItem = { text: string; completed: boolean };

/** The agent's to-do list. It is updated while the turn runs. */
export type TodoListItem = { id: string; type: 'todo_list'; items: TodoItem[] };

/**
 * Something that happened in a turn. An item of a type that is not listed here is passed on unchanged; see
 * `UnknownThreadItem`.
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

/**
 * An item of a later engine, with all its fields. It is not part of `ThreadItem`, because then `type` could not tell
 * the others apart.
 */
export type UnknownThreadItem = { id: string; type: string; [field: string]: unknown };
