import {
  type AnyMessage,
  type ClientContext,
  client,
  methods,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
  type Stream,
} from '@agentclientprotocol/sdk';

/** @param signal fires when the agent takes its question back */
type Answer = (
  request: RequestPermissionRequest,
  signal: AbortSignal,
) => RequestPermissionResponse | Promise<RequestPermissionResponse>;

/** A client of the protocol, by its own library: it keeps what it is told. */
export function acpClient(stream: Stream, answer: Answer = () => ({ outcome: { outcome: 'cancelled' } })) {
  const updates: SessionUpdate[] = [];
  const asked: RequestPermissionRequest[] = [];
  const waiting = new Set<() => void>();
  const connection = client({ name: 'a test' })
    .onRequest(methods.client.session.requestPermission, async ({ params, signal }) => {
      asked.push(params);
      return await answer(params, signal);
    })
    .onNotification(methods.client.session.update, ({ params }) => {
      updates.push(params.update);
      for (const look of waiting) look();
    })
    .connect(stream);
  const agent: ClientContext = connection.agent;
  return {
    agent,
    updates,
    asked,
    close: () => connection.close(),
    closed: connection.closed,
    kinds: () => updates.map(({ sessionUpdate }) => sessionUpdate),
    /** Waits for an update. */
    async told(matches: (update: SessionUpdate) => boolean): Promise<SessionUpdate> {
      return await new Promise((resolve) => {
        const look = () => {
          const found = updates.find(matches);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** Two ends of one stream, and how the second one leaves. */
export function streamPair(): [Stream, Stream, leave: () => Promise<void>] {
  const one = new TransformStream<AnyMessage, AnyMessage>();
  const other = new TransformStream<AnyMessage, AnyMessage>();
  const [ours, leave] = endable(one.readable);
  return [{ readable: ours, writable: other.writable }, { readable: other.readable, writable: one.writable }, leave];
}

/** A stream that can be ended while somebody else writes to it. */
function endable<T>(source: ReadableStream<T>): [ReadableStream<T>, () => Promise<void>] {
  const reader = source.getReader();
  let end = () => {};
  const ended = new Promise<{ done: true; value: undefined }>((resolve) => {
    end = () => resolve({ done: true, value: undefined });
  });
  const readable = new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await Promise.race([reader.read(), ended]);
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return [readable, async () => end()];
}

/** The permission of this kind, as a client's user chooses it. */
export const choose =
  (kind: string, at = 0) =>
  ({ options }: RequestPermissionRequest): RequestPermissionResponse => {
    const optionId = options.filter((one) => one.kind === kind)[at]?.optionId ?? 'none';
    return { outcome: { outcome: 'selected', optionId } };
  };
