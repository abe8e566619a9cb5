import type { ContentBlock, McpServer } from '@agentclientprotocol/sdk';
import type { McpServers } from '../index.ts';
import type { UserInput } from '../protocol/index.ts';

/** What a user has written, as input of a turn. A file that is only named is for the agent to read. */
export function inputOf(block: ContentBlock): UserInput {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image':
    case 'audio':
      return { type: block.type, url: `data:${block.mimeType};base64,${block.data}` } as UserInput;
    case 'resource_link':
      return { type: 'text', text: `[@${block.title ?? block.name}](${pathOf(block.uri)})` };
    case 'resource': {
      const { uri } = block.resource;
      if ('text' in block.resource)
        return {
          type: 'text',
          text: `<context ref=${JSON.stringify(pathOf(uri))}>\n${block.resource.text}\n</context>`,
        };
      const { blob, mimeType } = block.resource;
      if (mimeType?.startsWith('image/')) return { type: 'image', url: `data:${mimeType};base64,${blob}` };
      return { type: 'text', text: `[@${pathOf(uri)}](${pathOf(uri)})` };
    }
  }
}

/** The engine's tools take paths. */
function pathOf(uri: string): string {
  try {
    const { protocol, pathname } = new URL(uri);
    return protocol === 'file:' ? decodeURIComponent(pathname) : uri;
  } catch {
    return uri;
  }
}

/** MCP servers that the client brings. The engine has no transport for SSE, and the client was told so. */
export function mcpServersOf(servers: readonly McpServer[]): McpServers {
  const entries = servers.flatMap((server): [string, McpServers[string]][] => {
    const name = server.name.replace(/[^\w-]/g, '_');
    if (!('type' in server)) return [[name, { command: server.command, args: server.args, env: byName(server.env) }]];
    return server.type === 'http' ? [[name, { url: server.url, headers: byName(server.headers) }]] : [];
  });
  return Object.fromEntries(entries);
}

const byName = (list: readonly { name: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(list.map(({ name, value }) => [name, value]));
