import { EventLog, type EventReader } from './event-log.ts';
import type { Notification } from './notification.ts';
import { stepOf, TurnProgress, type TurnState } from './turn-state.ts';

/** Takes what a turn comes to, whether or not anybody reads its events. */
export interface Listener {
  /** @param size length of the line it came in, in characters */
  take(event: Notification, size: number): void;
  /** The turn's end cannot come any more. */
  fail(cause: Error): void;
}

/** The events whose payloads make up a turn's result and its state. All others only pass through. */
const tellingMethods: readonly string[] = ['item/completed', 'thread/tokenUsage/updated', 'turn/completed'];

/** Whether an event counts for more than its readers. */
export function isTelling(method: string): boolean {
  return tellingMethods.includes(method);
}

/** The events of one turn. */
export class TurnLog extends EventLog<Notification> {
  readonly id: string;
  threadId: string | undefined;
  /** How many turns were known before it. */
  readonly number: number;
  readonly listeners = new Set<Listener>();
  readonly progress: TurnProgress;
  /** Keeps the events of a turn that nobody here has started, from its first one on. */
  pin: EventReader<Notification> | undefined;

  constructor(id: string, threadId: string | undefined, maxWeight?: number, number = 0, state: TurnState = 'idle') {
    super(maxWeight);
    this.id = id;
    this.threadId = threadId;
    this.number = number;
    this.progress = new TurnProgress(state);
  }

  /** @param telling see `isTelling()` */
  override append(event: Notification, size = 0, telling = isTelling(event.method)): void {
    // Before anybody reads it: whoever does may ask for the state.
    if (telling || this.count === 0) this.progress.take(stepOf(event));
    if (telling) for (const listener of this.listeners) listener.take(event, size);
    super.append(event, size);
  }

  override end(failure?: Error): void {
    if (this.ended) return;
    if (failure) {
      this.progress.take({ step: 'lost' });
      for (const listener of this.listeners) listener.fail(failure);
    }
    this.listeners.clear();
    super.end(failure);
  }

  /** Tells `listener` what a reader has not had yet, and everything that follows. */
  follow(listener: Listener, reader: EventReader<Notification>): void {
    this.unread(reader, (event, size) => listener.take(event, size));
    if (!this.ended) this.listeners.add(listener);
    else if (this.failure) listener.fail(this.failure);
  }
}
