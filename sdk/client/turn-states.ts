import { type EventReader, lagging } from '../rpc/event-log.ts';
import { eventStream } from '../rpc/event-stream.ts';
import { isOver, type TurnState } from '../rpc/turn-state.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';

/** The state of a turn when it is first asked for, then every change, up to the last. */
export function turnStates(turn: TurnSubscription, signal?: AbortSignal): AsyncGenerator<TurnState, void, void> {
  const { progress, keepAlive } = turn;
  const action = `reading the states of turn ${turn.id}`;
  let reader: EventReader<TurnState> | undefined;
  let last: TurnState | undefined;
  const next = (): TurnState | undefined => {
    if (reader) return reader.take();
    reader = progress.changes.read();
    return progress.state;
  };
  return eventStream<TurnState, void>(
    {
      poll() {
        if (last !== undefined && isOver(last)) return { done: true, value: undefined };
        const value = next();
        if (value !== undefined) {
          last = value;
          return { done: false, value };
        }
        if (reader?.isLost) throw lagging(`the states of turn ${turn.id}`, reader, action);
        return undefined;
      },
      listen: (waiter) => reader?.listen(waiter),
      unlisten: (waiter) => reader?.unlisten(waiter),
      close: () => reader?.close(),
      keepAlive,
    },
    { action, signal },
  );
}
