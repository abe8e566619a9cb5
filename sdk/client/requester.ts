import type { ClientRequestMethod, ClientRequests } from '../protocol/index.ts';
import type { CallOptions } from '../rpc/limits.ts';

/** Sends a request on the client's current connection: all that a thread, a turn or a login needs from its client. */
export interface Requester {
  request<M extends ClientRequestMethod>(
    method: M,
    params: ClientRequests[M]['params'],
    options?: CallOptions,
  ): Promise<ClientRequests[M]['result']>;
}
