import { expectedGot } from '../../native/expected-got.mjs';
import { isRestart, type McpRestart, type RestartPolicy, restartPolicy, restartText } from '../mcp/restart.ts';
import type { Rule } from '../options/check-options.ts';
import type { JsonObject } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { withoutUnset } from './unset.ts';

/** What every MCP server may have. */
interface AnyMcpServer {
  /** Only these tools of the server. Default: all. */
  enabledTools?: readonly string[] | undefined;
  /** All tools of the server but these. */
  disabledTools?: readonly string[] | undefined;
  /** Whether the server is used. Default: true. */
  enabled?: boolean | undefined;
  /** Whether the thread fails to start without the server. Default: false. */
  required?: boolean | undefined;
  /**
   * Whether somebody approves calls of its tools: `auto` asks for those that change something, `prompt` for all, `approve`
   * for none. Default: `auto`.
   */
  toolApproval?: 'auto' | 'prompt' | 'approve' | undefined;
  /** Whether the server's tools may run at the same time. Default: false. */
  parallelToolCalls?: boolean | undefined;
  /** How long the server may take to start, in milliseconds. Default: the engine's. */
  startupTimeoutMs?: number | undefined;
  /** How long a call of a tool may take, in milliseconds. Default: the engine's. */
  toolTimeoutMs?: number | undefined;
}

/** An MCP server that the engine starts as a program. */
export interface StdioMcpServer extends AnyMcpServer {
  /** The program. */
  command: string;
  /** Its arguments. */
  args?: readonly string[] | undefined;
  /** Its working directory. Default: the thread's. */
  cwd?: string | undefined;
  /** Variables of its environment. For secrets, use `envVars`: the engine stores the settings of a thread. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Names of variables of the engine's environment that it gets too. */
  envVars?: readonly string[] | undefined;
  /**
   * What is done when the server ends by itself, which the engine tells nobody. `never`: it is reported. `onCrash`, or a policy:
   * it is reported and started again. Reports are events of `codex.mcp.events()`. Default: nobody looks.
   */
  restart?: McpRestart | undefined;
}

/** An MCP server that the engine reaches over HTTP. */
export interface HttpMcpServer extends AnyMcpServer {
  /** Its address. */
  url: string;
  /** Headers of each request. For secrets, use `envHeaders` or `bearerTokenEnvVar`. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Headers whose values are those of variables of the engine's environment, by header. */
  envHeaders?: Readonly<Record<string, string>> | undefined;
  /** Name of the variable of the engine's environment that has the bearer token. */
  bearerTokenEnvVar?: string | undefined;
  /** What `codex.mcp.login()` asks permission for. Default: what the server offers. */
  scopes?: readonly string[] | undefined;
  /** The resource that a login is for (RFC 8707), if it is not the address. */
  oauthResource?: string | undefined;
}

/** An MCP server. */
export type McpServer = StdioMcpServer | HttpMcpServer;

/** MCP servers by the names that their tools get. */
export type McpServers = Readonly<Record<string, McpServer>>;

/** What each option is called in the engine's settings. */
const settings: Readonly<Record<string, string>> = {
  command: 'command',
  args: 'args',
  cwd: 'cwd',
  env: 'env',
  envVars: 'env_vars',
  url: 'url',
  headers: 'http_headers',
  envHeaders: 'env_http_headers',
  bearerTokenEnvVar: 'bearer_token_env_var',
  enabledTools: 'enabled_tools',
  disabledTools: 'disabled_tools',
  enabled: 'enabled',
  required: 'required',
  toolApproval: 'default_tools_approval_mode',
  parallelToolCalls: 'supports_parallel_tool_calls',
  scopes: 'scopes',
  oauthResource: 'oauth_resource',
};
const seconds: Readonly<Record<string, string>> = {
  startupTimeoutMs: 'startup_timeout_sec',
  toolTimeoutMs: 'tool_timeout_sec',
};

const isServer = (value: unknown) =>
  isObject(value) && (typeof value.command === 'string') !== (typeof value.url === 'string');

export const mcpServersRule: Rule = {
  expected: 'an object of MCP servers, each with a command or a url',
  accepts: (value) => isObject(value) && Object.values(value).every(isServer),
  nullable: false,
};

/**
 * The settings of a thread with its MCP servers. A server of `mcpServers` replaces one of the same name in `config`.
 * @throws TypeError for a name that the engine refuses, or an option that no server has
 */
export function withMcpServers(
  config: JsonObject | null | undefined,
  servers: McpServers | undefined,
): JsonObject | null | undefined {
  if (servers === undefined) return config;
  const named = Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [checked(name), settingsOf(name, server)]),
  );
  const before = isObject(config?.mcp_servers) ? config.mcp_servers : {};
  return { ...config, mcp_servers: { ...before, ...named } } as JsonObject;
}

function checked(name: string): string {
  if (/^[\w-]+$/.test(name)) return name;
  throw new TypeError(expectedGot('reading mcpServers', 'names of letters, digits, "_" and "-"', JSON.stringify(name)));
}

function settingsOf(name: string, server: McpServer): JsonObject {
  const entries = Object.entries(withoutUnset(server)).flatMap(([option, value]): [string, unknown][] => {
    // The engine restarts nothing by itself.
    if (option === 'restart') {
      if (isRestart(value) && 'command' in server) return [];
      const expected = 'command' in server ? restartText : 'restart at a server with a command alone';
      throw new TypeError(expectedGot(`reading the MCP server ${name}`, expected, 'another value of restart'));
    }
    const inSeconds = seconds[option];
    if (inSeconds !== undefined) {
      // The engine would take one that is not a number for none.
      if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return [[inSeconds, value / 1000]];
      throw new TypeError(
        expectedGot(`reading the MCP server ${name}`, `${option} in milliseconds`, 'another value of it'),
      );
    }
    const setting = Object.hasOwn(settings, option) ? settings[option] : undefined;
    if (setting !== undefined) return [[setting, value]];
    const known = [...Object.keys(settings), ...Object.keys(seconds), 'restart'].join(', ');
    throw new TypeError(expectedGot(`reading the MCP server ${name}`, known, option));
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** How the servers of a thread are supervised, by name; undefined if none is. */
export function restartPolicies(servers: McpServers | undefined): ReadonlyMap<string, RestartPolicy> | undefined {
  const policies = Object.entries(servers ?? {}).flatMap(([name, server]): [string, RestartPolicy][] =>
    'restart' in server && server.restart !== undefined ? [[name, restartPolicy(server.restart)]] : [],
  );
  return policies.length === 0 ? undefined : new Map(policies);
}

/** Values in the options of servers that no error may show: those that should have been names. */
export function mcpSecrets(servers: McpServers | undefined): string[] {
  return Object.values(servers ?? {}).flatMap((server) =>
    Object.values(('command' in server ? server.env : server.headers) ?? {}),
  );
}
