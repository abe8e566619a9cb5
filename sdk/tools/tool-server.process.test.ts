import { request as httpRequest } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { version } from '../version.ts';
import { type ToolContext, tool } from './tool.ts';
import { toolServer } from './tool-server.ts';

const ticket = tool({
  name: 'ticket',
  description: 'Reads a ticket.',
  inputSchema: z.object({ id: z.string() }),
  execute: ({ id }) => ({ id, open: true }),
});

async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  // The package's own declarations do not agree under exactOptionalPropertyTypes.
  await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Parameters<Client['connect']>[0]);
  return client;
}

test('its clients see the tools, call them, and hear what is wrong', async () => {
  const errors: unknown[] = [];
  const broken = tool({
    ...{ name: 'broken', description: 'Fails.', inputSchema: z.object({}) },
    execute: () => {
      throw new Error('out of order');
    },
  });
  await using server = await toolServer([ticket, broken], { name: 'desk', onError: (...told) => errors.push(told) });
  const client = await connect(server.url);
  expect(client.getServerVersion()).toEqual({ name: 'desk', version });
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([
    { name: 'ticket', description: 'Reads a ticket.', inputSchema: { type: 'object', required: ['id'] } },
    { name: 'broken' },
  ]);
  const text = (said: unknown) => [{ type: 'text', text: said }];
  const call = (name: string, args = {}) => client.callTool({ name, arguments: args });
  expect(await call('ticket', { id: 'T-1' })).toEqual({ content: text('{"id":"T-1","open":true}'), isError: false });
  expect(await call('ticket')).toEqual({
    content: text(expect.stringMatching(/The arguments of ticket do not fit:\n- id: /)),
    isError: true,
  });
  expect(await call('broken')).toEqual({ content: text('broken failed: out of order'), isError: true });
  expect(await call('gone')).toEqual({ content: text('There is no tool gone.'), isError: true });
  expect(errors).toEqual([[new Error('out of order'), 'broken']]);
  const other = await connect(server.url);
  expect(await other.callTool({ name: 'ticket', arguments: { id: 'T-2' } })).toMatchObject({ isError: false });
  await client.close();
  await other.close();
});

test('a tool is told which call it answers; a session that its client has ended is gone, and all end with the server', async () => {
  const calls: ToolContext[] = [];
  const note = tool({
    ...{ name: 'note', description: 'Notes.', inputSchema: z.object({}) },
    execute: (_args, context) => {
      calls.push(context);
    },
  });
  const server = await toolServer([note]);
  const client = new Client({ name: 'test', version: '1' });
  // An address may have a query.
  const transport = new StreamableHTTPClientTransport(new URL(`${server.url}?of=test`));
  await client.connect(transport as Parameters<Client['connect']>[0]);
  for (let time = 0; time < 2; time += 1) await client.callTool({ name: 'note', arguments: {} });
  expect(calls.map(({ callId }) => callId)).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
  expect(calls[0]?.callId).not.toBe(calls[1]?.callId);
  expect(calls[0]).toMatchObject({ threadId: undefined, turnId: undefined });
  const headers = {
    ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    ...{ 'mcp-session-id': String(transport.sessionId), 'mcp-protocol-version': String(transport.protocolVersion) },
  };
  expect(await status(server.url, headers)).toBe(200);
  await transport.terminateSession();
  expect(await status(server.url, headers)).toBe(404);
  await client.close();
  await server.close();
});

test('a call is stopped when its client cancels it, and when the server closes', async () => {
  const signals: AbortSignal[] = [];
  let called: () => void = () => {};
  const hanging = tool({
    ...{ name: 'hang', description: 'Hangs.', inputSchema: z.object({}) },
    execute: async (_args, { signal }) => {
      signals.push(signal);
      called();
      return await new Promise<string>(() => {});
    },
  });
  const server = await toolServer([hanging]);
  const client = await connect(server.url);
  const begin = async (signal?: AbortSignal) => {
    const running = new Promise<void>((resolve) => {
      called = resolve;
    });
    const call = client.callTool({ name: 'hang', arguments: {} }, undefined, { ...(signal && { signal }) });
    const ended = call.catch((error: unknown) => error);
    await running;
    return { ended };
  };
  const aborted = (signal: AbortSignal | undefined) =>
    signal?.aborted ? undefined : new Promise((resolve) => signal?.addEventListener('abort', resolve));
  const stop = new AbortController();
  const first = await begin(stop.signal);
  stop.abort();
  await aborted(signals[0]);
  await first.ended;
  await begin();
  await Promise.all([server.close(), aborted(signals[1])]);
  await server.close();
});

/** The status of a request that no client of MCP would send. */
async function status(url: string, headers: Record<string, string> = {}, method = 'POST'): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' : undefined);
  });
}

test('nobody gets in without the token, from a web page, by another name, or without a session', async () => {
  await using server = await toolServer([ticket]);
  const { origin, port } = new URL(server.url);
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  expect(server.url).toMatch(/\/[0-9a-f]{64}\/mcp$/);
  expect(await status(`${origin}/mcp`, headers)).toBe(404);
  expect(await status(`${origin}/${'0'.repeat(64)}/mcp`, headers)).toBe(404);
  expect(await status(server.url.replace(/mcp$/, 'other'), headers)).toBe(404);
  expect(await status(server.url, { ...headers, origin: 'https://example.com' })).toBe(403);
  expect(await status(server.url, { ...headers, origin })).toBe(403);
  expect(await status(server.url, { ...headers, host: `example.com:${port}` })).toBe(403);
  expect(await status(server.url, { ...headers, host: `localhost:${port}` })).toBe(400);
  expect(await status(server.url, headers)).toBe(400);
  expect(await status(server.url, { ...headers, 'mcp-session-id': 'unknown' })).toBe(404);
  expect(await status(server.url, {}, 'DELETE')).toBe(400);
});

test('what are no tools is refused before a port is opened', async () => {
  await expect(toolServer('ticket' as never)).rejects.toThrow(
    'Reading the tools of toolServer: expected an array of tools, got a string.',
  );
  await expect(toolServer([ticket, ticket])).rejects.toThrow(
    'expected tools with different names, got two named ticket',
  );
  await expect(toolServer([ticket], { name: 7 } as never)).rejects.toThrow(/the option name of toolServer/);
  const text = tool({ ...ticket, inputSchema: z.string(), execute: () => 'x' });
  await expect(toolServer([text])).rejects.toThrow('expected the schema of an object');
});
