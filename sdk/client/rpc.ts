import {
  type ClientRequestMethod,
  clientRequestMethods,
  type JsonObject,
  type RpcMenu,
  rpcMethods,
  type ServerNotificationMethod,
  type ServerRequestMethod,
} from '../protocol/index.ts';
import type { CallOptions } from '../rpc/limits.ts';

/**
 * Every request of the protocol as a typed method, for what the client has no method of its own; see `Codex.rpc`.
 * ```ts
 * import { Codex } from 'twinproof';
 *
 * await using codex = new Codex();
 * const { data } = await codex.rpc.modelList({ includeHidden: true });
 * console.log(data.map((model) => model.id));
 * ```
 */
export type Rpc = RpcMenu<CallOptions>;

/** A name of the protocol: a method, or `Type.field`. */
export type ProtocolName =
  | ClientRequestMethod
  | ServerRequestMethod
  | ServerNotificationMethod
  | `${string}.${string}`
  | (string & {});

type Send = (call: object, method: string, params: unknown, options: CallOptions | undefined) => Promise<JsonObject>;

/** Creates the menu; each method sends its request. */
export function makeRpc(send: Send): Rpc {
  const methods = Object.entries(rpcMethods).map(([name, method]) => [name, caller(method, send)]);
  return Object.fromEntries(methods) as unknown as Rpc;
}

function caller(method: ClientRequestMethod, send: Send) {
  const { params: presence } = clientRequestMethods[method];
  if (presence === 'none') {
    return function call(options?: CallOptions) {
      return send(call, method, undefined, options);
    };
  }
  // The engine refuses a request without the key, even if every parameter is optional.
  const absent = presence === 'required' ? {} : undefined;
  return function call(params: unknown, options?: CallOptions) {
    return send(call, method, params === undefined ? absent : params, options);
  };
}
