import { expectedGot } from '../../native/expected-got.mjs';
import { type McpRestart, type RestartPolicy, restartPolicy, restartRule } from '../mcp/restart.ts';
import { flag, oneOf, type Rule, shown, text, texts, textsByName } from '../options/check-options.ts';
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

/** An option of a server: what it may be, what the engine's settings call it, and the kind of server that has it, if only one has. */
interface Setting {
  rule: Rule;
  setting?: string;
  only?: 'command' | 'url';
  inSeconds?: true;
}

// The engine would take a limit that is not a number for none.
const limit: Rule = {
  expected: 'a number of milliseconds, 0 or more',
  accepts: (value) => typeof value === 'number' && value >= 0 && Number.isFinite(value),
  nullable: false,
};

/** A new option without its line does not compile. */
const settings: Readonly<Record<keyof StdioMcpServer | keyof HttpMcpServer, Setting>> = {
  command: { rule: text, setting: 'command', only: 'command' },
  args: { rule: texts, setting: 'args', only: 'command' },
  cwd: { rule: text, setting: 'cwd', only: 'command' },
  env: { rule: textsByName, setting: 'env', only: 'command' },
  envVars: { rule: texts, setting: 'env_vars', only: 'command' },
  // The engine restarts nothing by itself.
  restart: { rule: restartRule, only: 'command' },
  url: { rule: text, setting: 'url', only: 'url' },
  headers: { rule: textsByName, setting: 'http_headers', only: 'url' },
  envHeaders: { rule: textsByName, setting: 'env_http_headers', only: 'url' },
  bearerTokenEnvVar: { rule: text, setting: 'bearer_token_env_var', only: 'url' },
  scopes: { rule: texts, setting: 'scopes', only: 'url' },
  oauthResource: { rule: text, setting: 'oauth_resource', only: 'url' },
  enabledTools: { rule: texts, setting: 'enabled_tools' },
  disabledTools: { rule: texts, setting: 'disabled_tools' },
  enabled: { rule: flag, setting: 'enabled' },
  required: { rule: flag, setting: 'required' },
  toolApproval: { rule: oneOf('auto', 'prompt', 'approve'), setting: 'default_tools_approval_mode' },
  parallelToolCalls: { rule: flag, setting: 'supports_parallel_tool_calls' },
  startupTimeoutMs: { rule: limit, setting: 'startup_timeout_sec', inSeconds: true },
  toolTimeoutMs: { rule: limit, setting: 'tool_timeout_sec', inSeconds: true },
};

/** For tests: every option, with its rule. */
export const mcpServerSettings: Readonly<Record<string, Setting>> = settings;

/** What is wrong with the servers, if anything is. */
function problem(servers: unknown): TypeError | undefined {
  if (!isObject(servers)) return new TypeError(expectedGot('reading mcpServers', anyServers, shown(servers)));
  for (const [name, server] of Object.entries(servers)) {
    const wrong = problemOf(name, server);
    if (wrong) return wrong;
  }
  return undefined;
}

const anyServers = 'an object of MCP servers, each with a command or a url';

function problemOf(name: string, server: unknown): TypeError | undefined {
  const of = `the MCP server ${name}`;
  const refused = (what: string, expected: string, got: string) =>
    new TypeError(expectedGot(`reading ${what}`, expected, got));
  if (!/^[\w-]+$/.test(name))
    return refused('mcpServers', 'names of letters, digits, "_" and "-"', JSON.stringify(name));
  if (!isObject(server)) return refused(of, 'an object with a command or a url', shown(server));
  const { command, url } = server;
  if ((command === undefined) === (url === undefined))
    return refused(of, 'either a command or a url', command === undefined ? 'neither' : 'both');
  const kind = command === undefined ? 'url' : 'command';
  for (const [option, value] of Object.entries(server)) {
    if (value === undefined) continue;
    const known = mcpServerSettings[option];
    if (!Object.hasOwn(settings, option) || known === undefined)
      return refused(of, Object.keys(settings).join(', '), option);
    if (known.only !== undefined && known.only !== kind)
      return refused(
        `the option ${option} of ${of}`,
        `it at a server with a ${known.only} alone`,
        `it beside a ${kind}`,
      );
    if (!known.rule.accepts(value)) return refused(`the option ${option} of ${of}`, known.rule.expected, shown(value));
  }
  return undefined;
}

export const mcpServersRule: Rule = {
  expected: anyServers,
  accepts: (value) => problem(value) === undefined,
  nullable: false,
  refusal: (_, value) => problem(value) as TypeError,
};

/** The settings of a thread with its MCP servers. A server of `mcpServers` replaces one of the same name in `config`. */
export function withMcpServers(
  config: JsonObject | null | undefined,
  servers: McpServers | undefined,
): JsonObject | null | undefined {
  if (servers === undefined) return config;
  const named = Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, settingsOf(server)]));
  const before = isObject(config?.mcp_servers) ? config.mcp_servers : {};
  return { ...config, mcp_servers: { ...before, ...named } } as JsonObject;
}

function settingsOf(server: McpServer): JsonObject {
  const entries = Object.entries(withoutUnset(server)).flatMap(([option, value]): [string, unknown][] => {
    const { setting, inSeconds } = settings[option as keyof typeof settings];
    if (setting === undefined) return [];
    return [[setting, inSeconds ? (value as number) / 1000 : value]];
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
