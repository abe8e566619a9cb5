import type { CallHook } from '../../sdk/hooks/options.ts';
import {
  type ClientRequestMethod,
  type ClientRequests,
  protocolVersion,
  type ServerNotificationMethod,
  type ServerNotifications,
  type ServerRequestMethod,
  type ServerRequests,
} from '../../sdk/protocol/index.ts';

/** A protocol value of which a test states only what matters: every member may be omitted, at any depth. */
export type Loose<T> = T extends readonly (infer Item)[]
  ? Loose<Item>[]
  : T extends object
    ? { [Key in keyof T]?: Loose<T[Key]> | undefined }
    : T;

/** What a handler may do besides answering. */
export interface MemoryContext {
  /** Sends a notification to the client; see `MemoryEngine.emit`. */
  emit: Emit;
  /** Sends a request to the client; see `MemoryEngine.ask`. */
  ask: Ask;
  /** Calls the client's hooks; see `MemoryEngine.hook`. */
  hook: CallHook;
}

/** Sends a notification of the contract, or any other (a method that the contract does not have, with any object). */
export interface Emit {
  <M extends ServerNotificationMethod>(method: M, params: Loose<ServerNotifications[M]['params']>): void;
  <S extends string>(method: S extends ServerNotificationMethod ? never : S, params?: object): void;
}

/** Sends a server request and resolves to the client's answer. */
export interface Ask {
  <M extends ServerRequestMethod>(
    method: M,
    params: Loose<ServerRequests[M]['params']>,
  ): Promise<ServerRequests[M]['result']>;
  <S extends string>(method: S extends ServerRequestMethod ? never : S, params?: object): Promise<unknown>;
}

/** What a handler returns: the result, with only the fields that matter. `turn/start` may also return a text. */
export type MemoryAnswer<M extends ClientRequestMethod> =
  | Loose<ClientRequests[M]['result']>
  | (M extends 'turn/start' ? string : never);

/**
 * One function for each method that the engine answers. What it throws becomes an error answer: a `JsonRpcError` (of
 * `twinproof`) with its code, text and data; any other error with -32603 and its message.
 */
export type MemoryHandlers = {
  [M in ClientRequestMethod]?: (
    params: ClientRequests[M]['params'],
    context: MemoryContext,
  ) => MemoryAnswer<M> | Promise<MemoryAnswer<M>>;
};

/** What an in-memory engine answers by default: the handshake, and threads `thread-1`, `thread-2`, … */
export function defaultHandlers(): MemoryHandlers {
  let threads = 0;
  const fresh = () => {
    threads += 1;
    return { thread: { id: `thread-${threads}` } };
  };
  const ids = () => Array.from({ length: threads }, (_, at) => `thread-${at + 1}`);
  const same = ({ threadId }: { threadId: string }) => ({ thread: { id: threadId, turns: [] } });
  const nothing = () => ({});
  const empty = () => ({ data: [], nextCursor: null });
  return {
    initialize: () => ({
      userAgent: `memory-engine/${protocolVersion}`,
      codexHome: '/memory-engine',
      platformFamily: 'memory',
      platformOs: 'memory',
    }),
    'thread/start': fresh,
    'thread/fork': fresh,
    'thread/resume': same,
    'thread/read': same,
    'thread/unarchive': same,
    'thread/list': () => ({ data: ids().map((id) => ({ id, preview: '' })), nextCursor: null }),
    'thread/loaded/list': () => ({ data: ids(), nextCursor: null }),
    'thread/turns/list': empty,
    'thread/items/list': empty,
    'thread/archive': nothing,
    'thread/delete': nothing,
    'thread/name/set': nothing,
    'thread/settings/update': nothing,
    'thread/compact/start': nothing,
    'turn/steer': ({ expectedTurnId }) => ({ turnId: expectedTurnId }),
    'turn/interrupt': nothing,
    'model/list': empty,
    'account/read': () => ({ account: null, requiresOpenaiAuth: false }),
    'account/logout': nothing,
    'account/login/cancel': () => ({ status: 'canceled' }),
    'account/login/start': ({ type }): MemoryAnswer<'account/login/start'> => {
      const url = 'https://memory-engine.invalid/login';
      if (type === 'chatgpt') return { type, loginId: 'login-1', authUrl: url };
      if (type === 'chatgptDeviceCode') return { type, loginId: 'login-1', verificationUrl: url, userCode: 'AB-12' };
      return { type } as MemoryAnswer<'account/login/start'>;
    },
  };
}

/** The events of a turn that sends one message and completes, in the engine's order. */
export function sayTurn(emit: Emit, threadId: string, turnId: string, text: string): void {
  const item = { type: 'agentMessage', id: `${turnId}-message`, text, phase: 'final_answer' } as const;
  emit('turn/started', { threadId, turn: { id: turnId, items: [], status: 'inProgress', error: null } });
  emit('item/started', { threadId, turnId, item: { ...item, text: '' } });
  emit('item/agentMessage/delta', { threadId, turnId, itemId: item.id, delta: text });
  emit('item/completed', { threadId, turnId, item });
  emit('turn/completed', { threadId, turn: { id: turnId, items: [], status: 'completed', error: null } });
}
