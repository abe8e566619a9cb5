/**
 * The engine has no schema for what `codex exec --json` prints: these are its events and items as the official SDKs
 * type them.
 */
export const execEvents = [
  'thread.started',
  'turn.started',
  'turn.completed',
  'turn.failed',
  'item.started',
  'item.updated',
  'item.completed',
  'error',
];
export const execItems = [
  'agent_message',
  'reasoning',
  'command_execution',
  'file_change',
  'mcp_tool_call',
  'web_search',
  'todo_list',
  'error',
];
