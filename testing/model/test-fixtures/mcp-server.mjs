/**
 * An MCP server made with the MCP SDK: on stdio, or over HTTP with `--http PORT`, which prints its address. `--dies` ends it
 * as soon as it is ready.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

function server() {
  const made = new McpServer({ name: 'lab', version: '1.0.0' });
  const text = (/** @type {unknown} */ value) => ({
    content: [{ type: /** @type {const} */ ('text'), text: String(value) }],
  });
  const annotations = { readOnlyHint: true };
  made.registerTool('pid', { description: 'Which process it is.', annotations }, () => text(process.pid));
  made.registerTool('crash', { description: 'Ends the server.', annotations }, () => process.exit(1));
  made.registerTool('hang', { description: 'Never answers.', annotations }, () => new Promise(() => {}));
  made.registerTool('write', { description: 'Changes something.', inputSchema: { to: z.string() } }, ({ to }) =>
    text(to),
  );
  made.registerTool('secret', { description: 'Shows a variable.', annotations }, () => text(process.env.LAB_TOKEN));
  made.registerTool('slow', { description: 'Says how far it is.', annotations }, async (extra) => {
    const { progressToken } = extra._meta ?? {};
    if (progressToken === undefined) return text('nobody has asked for progress');
    const params = { progressToken, progress: 1, total: 2, message: 'half of it' };
    await extra.sendNotification({ method: 'notifications/progress', params });
    return text('progress was told');
  });
  made.registerResource('one', 'lab://one', {}, () => ({ contents: [{ uri: 'lab://one', text: 'the text of one' }] }));
  return made;
}

const [how, port] = process.argv.slice(2);
if (how === '--http') {
  /** @type {Map<string, StreamableHTTPServerTransport>} */
  const sessions = new Map();
  const http = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    let transport = sessions.get(String(id));
    if (!transport && id !== undefined) return void response.writeHead(404).end();
    if (!transport) {
      const fresh = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (given) => void sessions.set(given, fresh),
      });
      await server().connect(/** @type {any} */ (fresh));
      transport = fresh;
    }
    await transport.handleRequest(request, response);
  });
  http.listen(Number(port), '127.0.0.1', () => {
    const address = /** @type {import('node:net').AddressInfo} */ (http.address());
    console.log(`http://127.0.0.1:${address.port}/mcp`);
  });
} else {
  const transport = new StdioServerTransport();
  await server().connect(transport);
  if (how === '--dies') {
    const send = transport.send.bind(transport);
    transport.send = async (message) => {
      await send(message);
      // The engine calls it ready once it knows its tools.
      if ('result' in message && 'tools' in message.result) process.stdout.write('', () => process.exit(1));
    };
  }
}
