import { Thread } from '../../../../../sdk/client/thread.ts';
import type { Notification } from '../../../../../sdk/rpc/notification.ts';
import { type TurnEntry, TurnLog } from '../../../../../sdk/rpc/turn-log.ts';
import { TurnRouter } from '../../../../../sdk/rpc/turn-router.ts';
import { TurnSubscription } from '../../../../../sdk/rpc/turn-subscription.ts';
import { type Faults, hangMs } from '../fault.ts';
import { patch } from '../patch.ts';

const delta = 'item/agentMessage/delta';
const isDelta = (entry: TurnEntry) => 'event' in entry && entry.event.method === delta;

/** Passes each turn's first delta to `change` instead of appending it. */
function patchFirstDelta(
  change: (append: (entry: TurnEntry) => void, entry: TurnEntry, log: TurnLog) => void,
): undefined {
  const met = new WeakSet<TurnLog>();
  patch(TurnLog.prototype, 'append', (original) => {
    return function (this: TurnLog, entry) {
      if (met.has(this) || !isDelta(entry)) return original.call(this, entry);
      met.add(this);
      change((one) => original.call(this, one), entry, this);
    };
  });
}

/** Bugs between the read loop and the readers of a turn's events. */
/** One reader's events for several: each is read once and kept. */
class Shared {
  readonly #read: Promise<Notification>[] = [];
  readonly #next: () => Promise<Notification>;

  constructor(next: () => Promise<Notification>) {
    this.#next = next;
  }

  at(position: number): Promise<Notification> {
    while (this.#read.length <= position) {
      const before = this.#read.at(-1) ?? Promise.resolve();
      this.#read.push(before.then(() => this.#next()));
    }
    return this.#read[position] as Promise<Notification>;
  }
}

export const eventFaults = {
  'dropped-event': {
    says: "A turn's first delta is lost",
    scenario: 'turns/streamed-deltas',
    expected: { verdict: 'mismatch', first: { kind: 'missing', lane: 'user/events', path: `event:${delta}` } },
    apply: () => patchFirstDelta(() => undefined),
  },
  'duplicated-event': {
    says: "A turn's first delta is delivered twice",
    scenario: 'turns/streamed-deltas',
    expected: { verdict: 'mismatch', first: { kind: 'extra', lane: 'user/events', path: `event:${delta}` } },
    apply: () =>
      patchFirstDelta((append, entry) => {
        append(entry);
        append(entry);
      }),
  },
  'swapped-events': {
    says: "A turn's first two deltas change places",
    scenario: 'turns/streamed-deltas',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/events', path: `event:${delta}/payload/delta` },
    },
    apply: () => {
      const held = new WeakMap<TurnLog, TurnEntry>();
      patchFirstDelta((_append, entry, log) => void held.set(log, entry));
      patch(TurnLog.prototype, 'append', (original) => {
        return function (this: TurnLog, entry) {
          const earlier = held.get(this);
          original.call(this, entry);
          if (earlier === undefined) return;
          held.delete(this);
          original.call(this, earlier);
        };
      });
      return undefined;
    },
  },
  'missing-field': {
    says: 'A delta reaches the user without the id of its item',
    scenario: 'turns/streamed-deltas',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/events', path: `event:${delta}/payload/itemId` },
    },
    apply: () =>
      patchFirstDelta((append, entry) => {
        if (!('event' in entry)) return;
        const { itemId: _itemId, ...payload } = entry.event.payload as Record<string, unknown>;
        append({ event: { ...entry.event, payload } as unknown as Notification });
      }),
  },
  'missing-end': {
    says: 'A stream ends before its turn/completed',
    scenario: 'turns/streamed-deltas',
    expected: { verdict: 'mismatch', first: { kind: 'missing', lane: 'user/events', path: 'event:turn/completed' } },
    apply: () => {
      patch(TurnSubscription.prototype, 'next', (original) => {
        return async function (this: TurnSubscription, signal) {
          const event = await original.call(this, signal);
          if (event.method !== 'turn/completed') return event;
          this.close();
          return original.call(this, signal);
        };
      });
      return undefined;
    },
  },
  'threads-mixed': {
    says: 'A delta goes to the turn that was started first as well as to its own',
    scenario: 'turns/two-threads',
    expected: { verdict: 'mismatch', first: { kind: 'extra', lane: 'user/alphaEvents', path: `event:${delta}` } },
    apply: () => {
      let first: [turnId: string, threadId: string | undefined] | undefined;
      patch(TurnRouter.prototype, 'beginStart', (original) => {
        return function (this: TurnRouter, threadId) {
          const start = original.call(this, threadId);
          const attach: typeof start.attach = (turnId) => {
            first ??= [turnId, threadId];
            return start.attach(turnId);
          };
          return { ...start, attach };
        };
      });
      patch(TurnRouter.prototype, 'route', (original) => {
        return function (this: TurnRouter, turnId, threadId, event) {
          if (first !== undefined && first[0] !== turnId && event.method === delta)
            original.call(this, ...first, event);
          original.call(this, turnId, threadId, event);
        };
      });
      return undefined;
    },
  },
  'wrong-id-reused': {
    says: 'A handle has the id of the turn that was started before its own',
    scenario: 'turns/two-threads',
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'user/hb', path: 'result:b.turn/value/id' } },
    apply: () => {
      let reused: string | undefined;
      patch(Thread.prototype, 'turn', (original) => {
        return async function (this: Thread, input, options) {
          const handle = await original.call(this, input, options);
          reused ??= handle.id;
          return Object.assign(handle, { id: reused }) as never;
        };
      });
      return undefined;
    },
  },
  'wrong-turn-read': {
    says: 'A handle reads the events of the turn that was started before its own',
    scenario: 'turns/two-threads',
    deadlineMs: hangMs,
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/betaEvents', path: 'event:turn/started/payload/threadId' },
      // Its own deltas never arrive.
      also: 'hang:betaEvents.await',
    },
    apply: () => {
      // What the first handle has read, from its start: attaching to its turn in the middle would be a race.
      let first: Shared | undefined;
      patch(TurnRouter.prototype, 'beginStart', (original) => {
        return function (this: TurnRouter, threadId) {
          const start = original.call(this, threadId);
          return {
            ...start,
            attach: (turnId) => {
              const own = start.attach(turnId);
              if (first === undefined) first = new Shared(own.next.bind(own));
              const shared = first;
              let position = 0;
              own.next = () => shared.at(position++);
              return own;
            },
          };
        };
      });
      return undefined;
    },
  },
} satisfies Faults;
