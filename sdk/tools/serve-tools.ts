import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { showCallers } from '../errors/callers-line.ts';
import { startLoopbackServer } from '../host/loopback-server.ts';
import { optionalPeer, rethrow } from '../schema/optional-peer.ts';
import { version } from '../version.ts';
import { prepareTool } from './prepare-tool.ts';
import { runTool } from './run-tool.ts';
import type { Tool } from './tool.ts';
import type { OutcomeItem } from './tool-outcome.ts';

/** Options of `toolServer()`. */
export interface ToolServerOptions {
  /** What the server calls itself. Default: `twinproof`. */
  name?: string | undefined;
  /** Called when a tool has thrown, took too long, or returned what cannot be sent. The model is told in any case. */
  onError?: ((error: unknown, tool: string) => void) | undefined;
}

/** An MCP server of this program; see `toolServer()`. */
export interface ToolServer {
  /** `http://127.0.0.1:PORT/TOKEN/mcp`. Who knows it can call the tools: treat it as a secret. */
  readonly url: string;
  /** Stops the calls that run, ends every connection and frees the port. May be called twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The work of `toolServer()`, for checked arguments. */
export async function serveTools(tools: readonly Tool[], options: ToolServerOptions): Promise<ToolServer> {
  const served = await Promise.all(tools.map(async (tool) => ({ tool, schema: (await prepareTool(tool)).jsonSchema })));
  const sessions = await mcpSessions(served, options);
  const server = await startLoopbackServer((request, response) => {
    const refused = refusal(request);
    if (refused !== undefined) {
      request.resume();
      response.writeHead(refused).end();
    } else void sessions.handle(request, response);
  });
  const close = async () => {
    await sessions.close();
    await server.close();
  };
  return showCallers({ url: `${server.url}/mcp`, close, [Symbol.asyncDispose]: close });
}

/** A web page can send requests to any port; its browser says where it comes from, and by which name it got here. */
function refusal({ headers: { origin, host }, socket, url = '' }: IncomingMessage): number | undefined {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  if (origin !== undefined || host === undefined || !hosts.includes(host)) return 403;
  return /^\/mcp(?:\?|$)/.test(url) ? undefined : 404;
}

interface Served {
  tool: Tool;
  schema: Readonly<Record<string, unknown>>;
}

/** One MCP session for each client that says hello. */
async function mcpSessions(served: readonly Served[], { name = 'twinproof', onError }: ToolServerOptions) {
  const peer = '@modelcontextprotocol/sdk';
  const { Server, StreamableHTTPServerTransport, CallToolRequestSchema, ListToolsRequestSchema } = await optionalPeer(
    peer,
    'starting a tool server',
    async () => ({
      ...(await import(/* webpackIgnore: true */ /* @vite-ignore */ '@modelcontextprotocol/sdk/server/index.js').catch(
        rethrow,
      )),
      ...(await import(
        /* webpackIgnore: true */ /* @vite-ignore */ '@modelcontextprotocol/sdk/server/streamableHttp.js'
      ).catch(rethrow)),
      ...(await import(/* webpackIgnore: true */ /* @vite-ignore */ '@modelcontextprotocol/sdk/types.js').catch(
        rethrow,
      )),
    }),
    'give the tools to a thread (tools)',
  );
  type Transport = InstanceType<typeof StreamableHTTPServerTransport>;
  const open = new Map<string, Transport>();

  const begin = async (): Promise<Transport> => {
    const transport: Transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void open.set(id, transport),
    });
    const server = new Server({ name, version }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: served.map(({ tool: { name, description }, schema }) => ({
        name,
        description,
        inputSchema: schema as { type: 'object' },
      })),
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, requestId }) => {
      const found = served.find(({ tool }) => tool.name === params.name)?.tool;
      if (!found) return { content: [{ type: 'text', text: `There is no tool ${params.name}.` }], isError: true };
      const context = { signal, callId: String(requestId), threadId: undefined, turnId: undefined };
      const { items, failed } = await runTool(found, params.arguments ?? {}, context, {
        onError: (error) => onError?.(error, found.name),
      });
      return { content: items.map((item: OutcomeItem) => ({ ...item })), isError: failed };
    });
    transport.onclose = () => void (transport.sessionId !== undefined && open.delete(transport.sessionId));
    // The transport's own declarations do not agree under exactOptionalPropertyTypes.
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport;
  };

  return {
    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const id = request.headers['mcp-session-id'];
      const known = typeof id === 'string' ? open.get(id) : undefined;
      try {
        if (id !== undefined && known === undefined) {
          request.resume();
          response.writeHead(404).end();
        } else await (known ?? (await begin())).handleRequest(request, response);
      } catch {
        // The client went away, or sent what no server could read.
        if (!response.headersSent) response.writeHead(400).end();
        else response.destroy();
      }
    },
    async close(): Promise<void> {
      await Promise.all([...open.values()].map((transport) => transport.close()));
      open.clear();
    },
  };
}
