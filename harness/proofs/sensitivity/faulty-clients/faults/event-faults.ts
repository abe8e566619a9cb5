import { Thread } from '../../../../../sdk/client/thread.ts';
import type { Notification } from '../../../../../sdk/rpc/notification.ts';
import { TurnLog } from '../../../../../sdk/rpc/turn-log.ts';
import { TurnRouter } from '../../../../../sdk/rpc/turn-router.ts';
import { TurnSubscription } from '../../../../../sdk/rpc/turn-subscription.ts';
import { type Faults, hangMs } from '../fault.ts';
import { patch } from '../patch.ts';

const delta = 'item/agentMessage/delta';
const isDelta = (event: Notification) => event.method === delta;

/** Passes each turn's first delta to `change` instead of appending it. */
function patchFirstDelta(
  change: (append: (event: Notification) => void, event: Notification, log: TurnLog) => void,
): undefined {
  const met = new WeakSet<TurnLog>();
  patch(TurnLog.prototype, 'append', (original) => {
    return function (this: TurnLog, event) {
      if (met.has(this) || !isDelta(event)) return original.call(this, event);
      met.add(this);
      change((one) => original.call(this, one), event, this);
    };
  });
}

type Readable = () => Pick<TurnSubscription, 'take' | 'listen'>;

/** The events of one reader for several: each is read once and kept. */
function shared(source: TurnSubscription): Readable {
  const take = source.take.bind(source);
  const listen = source.listen.bind(source);
  const read: Notification[] = [];
  return () => {
    let position = 0;
    return {
      take: () => {
        if (position === read.length) {
          const event = take();
          if (event === undefined) return undefined;
          read.push(event);
        }
        position += 1;
        return read[position - 1];
      },
      listen: (news) => listen(news),
    };
  };
}

/** Bugs between the read loop and the readers of a turn's events. */
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
      patchFirstDelta((append, event) => {
        append(event);
        append(event);
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
      const held = new WeakMap<TurnLog, Notification>();
      patchFirstDelta((_append, event, log) => void held.set(log, event));
      patch(TurnLog.prototype, 'append', (original) => {
        return function (this: TurnLog, event) {
          const earlier = held.get(this);
          original.call(this, event);
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
      patchFirstDelta((append, event) => {
        const { itemId: _itemId, ...payload } = event.payload as Record<string, unknown>;
        append({ ...event, payload } as unknown as Notification);
      }),
  },
  'missing-end': {
    says: 'A stream ends before its turn/completed',
    scenario: 'turns/streamed-deltas',
    expected: { verdict: 'mismatch', first: { kind: 'missing', lane: 'user/events', path: 'event:turn/completed' } },
    apply: () => {
      patch(TurnSubscription.prototype, 'take', (original) => {
        return function (this: TurnSubscription) {
          const event = original.call(this);
          if (event?.method !== 'turn/completed') return event;
          this.close();
          return original.call(this);
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
      // From its start: attaching to its turn in the middle would be a race.
      let first: Readable | undefined;
      patch(TurnRouter.prototype, 'beginStart', (original) => {
        return function (this: TurnRouter, threadId) {
          const start = original.call(this, threadId);
          return {
            ...start,
            attach: (turnId) => {
              const own = start.attach(turnId);
              first ??= shared(own);
              const reader = first();
              own.take = reader.take;
              own.listen = reader.listen;
              return own;
            },
          };
        };
      });
      return undefined;
    },
  },
} satisfies Faults;
