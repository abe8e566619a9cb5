/**
 * A small MCP server on stdio, for scenarios: `command = "${node}"`, `args = ["${mcp}"]` in their config. It answers at
 * once and never waits for time: a scenario holds it up with its answer to an elicitation. With the argument `crashing` it
 * has one more tool, which ends it.
 */
import { createInterface } from 'node:readline';

/** @typedef {{ id?: number | string, method?: string, params?: any, result?: any, error?: any }} Message */

/** @param {object} message */
const send = (message) => void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** @type {Map<string, (answer: Message) => void>} */
const asked = new Map();

/** Asks the engine. @param {string} method @param {object} params @returns {Promise<Message>} */
function ask(method, params) {
  const id = `ask-${asked.size + 1}`;
  return new Promise((resolve) => {
    asked.set(id, resolve);
    send({ id, method, params });
  });
}

/** @param {string} text */
const says = (text) => ({ content: [{ type: 'text', text }] });

/** @param {Message} answer */
const elicited = (answer) => says(`elicited ${JSON.stringify(answer.result ?? answer.error)}`);

const nothing = { type: 'object', properties: {}, additionalProperties: false };
const readOnly = { readOnlyHint: true };

/** Each tool: how it is listed, and what it does. */
const tools = {
  echo: {
    listed: {
      inputSchema: { ...nothing, properties: { text: { type: 'string' } }, required: ['text'] },
      annotations: readOnly,
    },
    /** @param {{ text: string }} input */
    call: ({ text }) => says(`echo ${text}`),
  },
  fail: {
    listed: { inputSchema: nothing, annotations: readOnly },
    call: () => ({ ...says('it failed'), isError: true }),
  },
  structured: {
    listed: { inputSchema: nothing, annotations: readOnly },
    call: () => ({ ...says('{"n":1}'), structuredContent: { n: 1 } }),
  },
  /** Changes something, so that the engine asks first. */
  write: {
    listed: { inputSchema: nothing, annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true } },
    call: () => says('written'),
  },
  ask: {
    listed: { inputSchema: nothing, annotations: readOnly },
    call: async () =>
      elicited(
        await ask('elicitation/create', {
          message: 'Your name?',
          requestedSchema: {
            type: 'object',
            properties: { name: { type: 'string', title: 'Name' }, sure: { type: 'boolean' } },
            required: ['name'],
          },
        }),
      ),
  },
  ask_url: {
    listed: { inputSchema: nothing, annotations: readOnly },
    call: async () =>
      elicited(
        await ask('elicitation/create', {
          mode: 'url',
          elicitationId: 'page-1',
          url: 'https://page.example.invalid/sign-in',
          message: 'Open the page',
        }),
      ),
  },
};

if (process.argv[2] === 'crashing')
  Object.assign(tools, {
    crash: { listed: { inputSchema: nothing, annotations: readOnly }, call: () => process.exit(1) },
  });

const resource = { uri: 'note://one', name: 'one', mimeType: 'text/plain' };

/** What the server answers, by method. @type {Record<string, (params: any) => object | Promise<object>>} */
const methods = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {}, resources: {} },
    serverInfo: { name: 'scenario', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({
    tools: Object.entries(tools).map(([name, { listed }]) => ({ name, description: `The tool ${name}`, ...listed })),
  }),
  'resources/list': () => ({ resources: [resource] }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
  'resources/read': ({ uri }) => {
    if (uri !== resource.uri) throw new Error(`there is no resource ${uri}`);
    return { contents: [{ uri, mimeType: 'text/plain', text: 'the text of one' }] };
  },
  'tools/call': ({ name, arguments: input = {} }) => {
    const tool = /** @type {Record<string, { call(input: any): object | Promise<object> }>} */ (tools)[name];
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    return tool.call(input);
  },
};

/** @param {Message} message */
async function answer({ id, method = '', params }) {
  const known = methods[method];
  if (known === undefined) return send({ id, error: { code: -32601, message: `there is no method ${method}` } });
  try {
    send({ id, result: await known(params) });
  } catch (error) {
    send({ id, error: { code: -32000, message: error instanceof Error ? error.message : String(error) } });
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  /** @type {Message} */
  const message = JSON.parse(line);
  if (message.method === undefined) asked.get(String(message.id))?.(message);
  else if (message.id !== undefined) void answer(message);
});
