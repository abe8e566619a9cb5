import type { AddressInfo } from 'node:net';
import { FakeError } from '../../fake-error.ts';
import type { Exit } from '../../replay/player.ts';
import { Connections, type ConnectionsOptions } from './connections.ts';
import { hostAndPort, isLoopback, type ListenTarget } from './listen-url.ts';
import { serveTcp, serveUnix } from './serve.ts';
import { bound, listenOnUnix, ownSocket } from './sockets.ts';
import { wsAuth } from './ws-auth.ts';

/** How an app-server that is not on stdio was started. */
export interface Listen {
  target: Exclude<ListenTarget, { kind: 'stdio' }>;
  /** The engine's `--ws-…` flags. */
  auth: ReadonlyMap<string, string>;
}

/**
 * Serves WebSocket connections until a signal ends the process or what it plays makes it exit. Stdin is not read.
 * @param say writes to stderr
 * @throws FakeError (exit 1, the engine's words) if it cannot listen, and whatever a play throws
 */
export async function listen(
  { target, auth }: Listen,
  options: ConnectionsOptions,
  say: (text: string) => void,
): Promise<Exit> {
  if (target.kind === 'off') throw refused('no transport configured; use --listen or enable remote control');
  const check = await wsAuth(auth);
  if (target.kind === 'ws' && check === undefined && !isLoopback(target.host)) {
    const where = hostAndPort(target.host, target.port);
    const remedy = 'configure `--ws-auth capability-token` or `--ws-auth signed-bearer-token`';
    throw refused(`refusing to start non-loopback websocket listener ${where} without auth; ${remedy}`);
  }
  const { createServer } = await import('node:http');
  const server = createServer();
  const connections = new Connections(options);
  if (target.kind === 'unix') {
    serveUnix(server, connections);
    await listenOnUnix(server, target.path ?? ownSocket());
  } else {
    serveTcp(server, connections, check);
    await bound(server, { host: target.host, port: target.port });
    say(banner(hostAndPort(target.host, (server.address() as AddressInfo).port), isLoopback(target.host)));
  }
  return connections.left;
}

function banner(where: string, loopback: boolean): string {
  const note = loopback
    ? 'binds localhost only (use SSH port-forwarding for remote access)'
    : 'websocket auth is required for non-localhost listeners';
  return `codex app-server (WebSockets)
  listening on: ws://${where}
  readyz: http://${where}/readyz
  healthz: http://${where}/healthz
  note: ${note}
`;
}

const refused = (text: string): FakeError => new FakeError(`Error: ${text}`, { exitCode: 1, asEngine: true });
