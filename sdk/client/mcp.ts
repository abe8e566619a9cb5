import { showCallers } from '../errors/callers-line.ts';
import { CodexError } from '../errors/codex-error.ts';
import { literal } from '../errors/python-text.ts';
import type { McpEvent } from '../mcp/events.ts';
import { type McpLogin, readingMcpEvents } from '../mcp/mcp-watch.ts';
import { hiddenState } from '../objects/hidden-state.ts';
import {
  anything,
  checkArgument,
  checkOptions,
  finite,
  milliseconds,
  oneOf,
  orNull,
  type RulesFor,
  text,
  texts,
} from '../options/check-options.ts';
import type {
  McpResourceReadResponse,
  McpServerOauthLoginCompletedNotification,
  McpServerStatus,
  McpServerToolCallResponse,
} from '../protocol/index.ts';
import { type CallOptions, callRules, signalRules } from '../rpc/limits.ts';
import { type EventsOptions, eventsRules, readFromNow } from './event-tap.ts';
import type { LazySession } from './lazy-session.ts';
import { pages } from './pages.ts';
import type { Requester } from './requester.ts';
import { withoutUnset } from './unset.ts';

/** Options of `Mcp.status()`. */
export interface McpStatusOptions extends CallOptions {
  /** The thread whose servers are listed. Default: the servers of the engine's settings, and no thread's. */
  threadId?: string | undefined;
  /** Only this server. */
  server?: string | undefined;
  /** `toolsAndAuthOnly` leaves out resources. Default: `full`. */
  detail?: 'full' | 'toolsAndAuthOnly' | undefined;
  /** `nextCursor` of the previous page. */
  cursor?: string | undefined;
  /** Servers per page. Default: the engine's. */
  limit?: number | undefined;
}

/** Options of `Mcp.login()`. */
export interface McpLoginOptions extends CallOptions {
  /** The thread that has the server in its options. Needed if the engine's settings do not have it. */
  threadId?: string | undefined;
  /** What to ask permission for. Default: the `scopes` of the server's options. */
  scopes?: readonly string[] | undefined;
  /** How the engine introduces itself to the server. Default: `auto`. */
  clientRegistration?: 'auto' | 'cimd' | 'dcr' | undefined;
  /** How long the user has, in milliseconds; whole seconds count. Default: the engine's. */
  loginTimeoutMs?: number | undefined;
}

/** Options of `Mcp.callTool()`. */
export interface McpCallOptions extends CallOptions {
  /** The thread whose server is called. */
  threadId: string;
  /** What the tool is given: a JSON value. Default: nothing. */
  arguments?: unknown;
  /** What the request says beside the arguments (`_meta`). */
  meta?: unknown;
}

/** Options of `Mcp.readResource()`. */
export interface McpResourceOptions extends CallOptions {
  /** The thread that has the server in its options. Needed if the engine's settings do not have it. */
  threadId?: string | undefined;
}

export const mcpStatusRules: RulesFor<McpStatusOptions> = {
  ...callRules,
  threadId: text,
  server: text,
  detail: oneOf('full', 'toolsAndAuthOnly'),
  cursor: text,
  limit: finite,
};
export const mcpLoginRules: RulesFor<McpLoginOptions> = {
  ...callRules,
  threadId: text,
  scopes: texts,
  clientRegistration: oneOf('auto', 'cimd', 'dcr'),
  loginTimeoutMs: {
    ...milliseconds,
    accepts: (value) => finite.accepts(value) && milliseconds.accepts(value),
  },
};
export const mcpResourceRules: RulesFor<McpResourceOptions> = { ...callRules, threadId: text };
export const mcpCallRules: RulesFor<McpCallOptions> = {
  ...callRules,
  threadId: text,
  arguments: orNull(anything),
  meta: orNull(anything),
};

const logins = hiddenState<{ login: McpLogin; session: LazySession }>('McpLoginHandle');

/** A login at an MCP server that waits for the user. */
export class McpLoginHandle {
  /** The server's name. */
  readonly server: string;
  /** Page for the user to open. */
  readonly authorizationUrl: string;

  constructor(session: LazySession, login: McpLogin, server: string, authorizationUrl: string) {
    logins.set(this, { login, session });
    this.server = server;
    this.authorizationUrl = authorizationUrl;
  }

  /**
   * Waits until this attempt has succeeded or failed; `success` in the result tells which. You may call it again.
   * @throws TransportClosedError if the connection is gone, before or during the call
   * @throws AbortError if `signal` fires; the attempt continues
   */
  async wait(options: { signal?: AbortSignal | undefined } = {}): Promise<McpServerOauthLoginCompletedNotification> {
    checkOptions('McpLoginHandle.wait', options, signalRules);
    return await logins.of(this).login.wait(options.signal);
  }
}

showCallers(McpLoginHandle.prototype);

const state = hiddenState<{ requester: Requester; session: LazySession }>('Mcp');

/**
 * The MCP servers of a client and its threads; see `Codex.mcp`. The servers themselves are options: `mcpServers` of the
 * client and of a thread.
 */
export class Mcp {
  constructor(requester: Requester, session: LazySession) {
    state.set(this, { requester, session });
  }

  /** Iterates over the servers with their state, tools and resources, and fetches pages as needed (`mcpServerStatus/list`). */
  status(options: McpStatusOptions = {}): AsyncGenerator<McpServerStatus, void, void> {
    checkOptions('Mcp.status', options, mcpStatusRules);
    const { threadId, server: serverName, detail, limit, cursor: first, ...call } = options;
    return pages(first, (cursor) => {
      const params = withoutUnset({ cursor, detail, limit, serverName, threadId });
      return state.of(this).requester.request('mcpServerStatus/list', params, call);
    });
  }

  /**
   * Reads the engine's settings again, and starts what has ended or is new, for every thread (`config/mcpServer/reload`). Servers
   * that run, and their calls, are left alone.
   */
  async reload(options: CallOptions = {}): Promise<void> {
    checkOptions('Mcp.reload', options, callRules);
    await state.of(this).requester.request('config/mcpServer/reload', undefined, options);
  }

  /**
   * Starts a login at an HTTP server and returns its handle (`mcpServer/oauth/login`). The engine keeps what the server
   * grants.
   * ```ts no-run: waits for a person at a browser
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex({ mcpServers: { tracker: { url: 'https://tracker.example/mcp' } } });
   * const { id: threadId } = await codex.threadStart();
   * const login = await codex.mcp.login('tracker', { threadId });
   * console.log(`Open ${login.authorizationUrl}`);
   * const { success, error } = await login.wait();
   * ```
   * @throws InvalidRequestError if there is no such server, or it has no login
   */
  async login(server: string, options: McpLoginOptions = {}): Promise<McpLoginHandle> {
    checkArgument('server', server);
    checkOptions('Mcp.login', options, mcpLoginRules);
    const { threadId, scopes, clientRegistration, loginTimeoutMs } = options;
    const timeoutSecs = loginTimeoutMs === undefined ? undefined : Math.ceil(loginTimeoutMs / 1000);
    const params = { name: server, ...withoutUnset({ threadId, scopes, clientRegistration, timeoutSecs }) };
    const { session: client } = state.of(this);
    return await client.call(options, async (session, limits) => {
      const login = session.mcp.expectLogin(server);
      try {
        const answer = await session.request('mcpServer/oauth/login', params, limits);
        const { authorizationUrl, loginId } = answer;
        if (typeof authorizationUrl !== 'string') {
          const details = { kind: 'protocol', action: 'mcpServer/oauth/login' } as const;
          throw new CodexError(`unexpected response to a login at ${server}: ${literal(answer)}`, details);
        }
        login.started(loginId);
        if (login.isOver) session.mcp.forget(login);
        return new McpLoginHandle(client, login, server, authorizationUrl);
      } catch (error) {
        session.mcp.forget(login);
        throw error;
      }
    });
  }

  /**
   * Calls a tool of a thread's server past the model, and past approvals (`mcpServer/tool/call`). A tool that reports an error
   * resolves, with `isError`. Aborting rejects the call; the tool continues.
   * @throws JsonRpcError if there is no such thread, server or tool, or the server has ended
   */
  async callTool(server: string, tool: string, options: McpCallOptions): Promise<McpServerToolCallResponse> {
    checkArgument('server', server);
    checkArgument('tool', tool);
    checkOptions('Mcp.callTool', options, mcpCallRules);
    checkArgument('threadId', options?.threadId);
    const { threadId, arguments: given, meta, ...call } = options;
    const { requester, session: client } = state.of(this);
    const params = { threadId, server, tool, ...withoutUnset({ arguments: given, _meta: meta }) };
    try {
      return await requester.request('mcpServer/tool/call', params, call);
    } catch (error) {
      // It may be that the server has crashed.
      client.withSession(({ mcp }) => mcp.supervisor?.suspect(threadId))();
      throw error;
    }
  }

  /**
   * Reads a resource of a server (`mcpServer/resource/read`).
   * @throws JsonRpcError if there is no such server or resource
   */
  async readResource(server: string, uri: string, options: McpResourceOptions = {}): Promise<McpResourceReadResponse> {
    checkArgument('server', server);
    checkArgument('uri', uri);
    checkOptions('Mcp.readResource', options, mcpResourceRules);
    const { threadId, ...call } = options;
    return await state
      .of(this)
      .requester.request('mcpServer/resource/read', { server, uri, ...withoutUnset({ threadId }) }, call);
  }

  /**
   * Yields what happens to MCP servers: starts and why they failed, ends of logins, progress of calls, and for servers with
   * `restart` crashes and restarts. It begins with this call, or with the next connection if there is none. The last 10,000
   * unread events are kept. Ends on `break`, an abort or the end of the connection.
   * @throws TransportClosedError if the connection is gone; AbortError if `signal` fires
   */
  events(options: EventsOptions = {}): AsyncGenerator<McpEvent, void, void> {
    checkOptions('Mcp.events', options, eventsRules);
    const { threadId, signal } = options;
    const { session } = state.of(this);
    return readFromNow(session, ({ mcp }) => mcp.read(threadId), { action: readingMcpEvents, signal });
  }
}

showCallers(Mcp.prototype);
