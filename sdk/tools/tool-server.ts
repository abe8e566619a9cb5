import { callback, checkOptions, type RulesFor, text } from '../options/check-options.ts';
import type { ToolServer, ToolServerOptions } from './serve-tools.ts';
import { refuseTools, type Tool } from './tool.ts';

const rules: RulesFor<ToolServerOptions> = { name: text, onError: callback };

/**
 * Serves tools over MCP (streamable HTTP) on 127.0.0.1, for engines and programs without dynamic tools, and for several
 * threads at once. It needs the optional peer package `@modelcontextprotocol/sdk`. Its address has a random token;
 * requests of web pages and for other hosts are refused. It keeps the program running until you close it.
 * ```ts
 * import { Codex, tool, toolServer } from 'twinproof';
 * import { z } from 'zod';
 *
 * const now = tool({
 *   name: 'now',
 *   description: 'Tells the time.',
 *   inputSchema: z.object({}),
 *   execute: () => new Date().toISOString(),
 * });
 *
 * await using server = await toolServer([now]);
 * await using codex = new Codex();
 * const thread = await codex.threadStart({ mcpServers: { clock: { url: server.url } } });
 * console.log((await thread.run('What time is it?')).finalResponse);
 * ```
 * @throws TypeError, RangeError for what are no tools, two of one name, or a schema that is not one of an object
 * @throws CodexError with `kind` `install` if `@modelcontextprotocol/sdk` is not installed
 */
export async function toolServer(tools: readonly Tool[], options: ToolServerOptions = {}): Promise<ToolServer> {
  refuseTools(tools, 'reading the tools of toolServer');
  checkOptions('toolServer', options, rules);
  // It loads a server, and another package.
  const { serveTools } = await import('./serve-tools.ts');
  return await serveTools(tools, options);
}
