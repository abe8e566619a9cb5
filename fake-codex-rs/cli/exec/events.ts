import { Contract, type Schema, type SchemaObject } from '../../template/contract.ts';

/**
 * The events of `exec --json` (0.171.0). The engine publishes no schema for them, so this one was derived from its
 * output and from the items that its exec clients know. As in the engine's own contract, unknown properties are
 * allowed.
 */
export function execEvents(): Contract {
  return new Contract({
    methods: {
      results: {},
      requests: {},
      notifications: {
        'thread.started': 'ThreadStarted',
        'turn.started': 'TurnStarted',
        'turn.completed': 'TurnCompleted',
        'turn.failed': 'TurnFailed',
        'item.started': 'ItemEvent',
        'item.updated': 'ItemEvent',
        'item.completed': 'ItemEvent',
        error: 'ErrorEvent',
      },
    },
    types: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, JSON.stringify(type)])),
  });
}

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const oneOf = (...values: string[]): Schema => ({ type: 'string', enum: values });

/** All properties are required, except those in `optional`. */
const object = (properties: Record<string, Schema>, optional: Record<string, Schema> = {}): SchemaObject => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
});

const item = (type: string, properties: Record<string, Schema>, optional: Record<string, Schema> = {}) =>
  object({ id: text, type: oneOf(type), ...properties }, optional);

const callStatus = oneOf('in_progress', 'completed', 'failed');

const types: Record<string, SchemaObject> = {
  ThreadStarted: object({ thread_id: text }),
  TurnStarted: object({}),
  TurnCompleted: object({ usage: ref('Usage') }),
  Usage: object(
    { input_tokens: count, cached_input_tokens: count, output_tokens: count },
    { cache_write_input_tokens: count, reasoning_output_tokens: count },
  ),
  TurnFailed: object({ error: object({ message: text }) }),
  ErrorEvent: object({ message: text }),
  ItemEvent: object({ item: ref('Item') }),
  Item: {
    oneOf: [
      item('agent_message', { text }),
      item('reasoning', { text }),
      item(
        'command_execution',
        {
          command: text,
          aggregated_output: text,
          status: oneOf('in_progress', 'completed', 'failed', 'declined'),
        },
        { exit_code: { type: ['integer', 'null'] } },
      ),
      item('file_change', {
        changes: { type: 'array', items: object({ path: text, kind: oneOf('add', 'delete', 'update') }) },
        status: callStatus,
      }),
      item(
        'mcp_tool_call',
        { server: text, tool: text, status: callStatus },
        { arguments: true, result: true, error: true },
      ),
      item('collab_tool_call', { tool: text, status: callStatus }),
      item('web_search', { query: text }),
      item('todo_list', { items: { type: 'array', items: object({ text, completed: { type: 'boolean' } }) } }),
      item('error', { message: text }),
    ],
  },
};
