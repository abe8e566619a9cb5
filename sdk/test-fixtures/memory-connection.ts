import { Connection } from '../rpc/connection.ts';
import type { CallOptions } from '../rpc/limits.ts';
import type { ServerRequestHandlers } from '../rpc/server-requests.ts';
import { memoryTransport } from '../transport/memory.ts';
import type { Transport } from '../transport/transport.ts';

/** An open connection over a memory transport, parts of which may be replaced, and its engine's end. */
export async function setUp(
  handlers: ServerRequestHandlers = {},
  change: Partial<Transport> = {},
  defaultTimeoutMs = 0,
) {
  const { transport: memory, peer } = memoryTransport();
  const transport = { ...memory, ...change };
  const notifications: [string, object][] = [];
  const onNotification = (method: string, params: object) => void notifications.push([method, params]);
  const connection = new Connection(
    transport,
    {
      onNotification,
      onServerRequest: () => {},
      onAnswered: () => {},
      contextOf: () => (work) => work(),
      onFailure: () => {},
    },
    handlers,
    defaultTimeoutMs,
  );
  await connection.open();
  /** Sends a request, and returns the promise of its answer (settled or not) and the id that it was sent with. */
  const ask = async (method: string, params?: object, options?: CallOptions) => {
    const answer = connection.request(method, params, options);
    answer.catch(() => {});
    const sent = JSON.parse(await peer.next()) as { id: string };
    return { answer, sent, id: sent.id };
  };
  return { connection, peer, notifications, ask, send: (message: unknown) => peer.send(JSON.stringify(message)) };
}
