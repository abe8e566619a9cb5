import type { Agent } from 'node:http';
import type { Token } from './token.ts';

/** How a client attaches to a running engine. */
export interface AttachOptions {
  /**
   * The token that the listener asks for (`--ws-auth`), sent as `Authorization: Bearer`. A file or a function is read
   * again for each connection. Over `ws:` it is only sent to this machine; use `wss:` for others.
   */
  token?: Token | undefined;
  /** How long connecting may take, in milliseconds. 0 waits forever. Default: 10,000. */
  connectTimeoutMs?: number | undefined;
  /**
   * After how many milliseconds of silence the server is sent a ping. If nothing has come after as long again, the connection is lost.
   * 0 sends none: then a connection that breaks without a word is noticed by nobody. Default: 30,000.
   */
  heartbeatMs?: number | undefined;
  /**
   * Makes the connection instead of Node's own agent: for certificates of your own (`https.Agent`), and for proxies. Without it, no proxy is used,
   * whatever the environment says.
   */
  agent?: Agent | undefined;
}
