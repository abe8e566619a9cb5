import type { TurnDenials } from '../approvals/denials.ts';
import type { ThreadItem } from '../protocol/index.ts';
import type { Notification } from '../rpc/notification.ts';
import { endable } from './interruptible.ts';
import { MessageTexts } from './message-texts.ts';
import { TurnCollector } from './turn-result.ts';

type Events = AsyncGenerator<Notification, void, void>;

/** @param whole the events begin where the goal does */
export function goalText(
  events: Events,
  goalId: string,
  denials: TurnDenials,
  whole: boolean,
): AsyncGenerator<string, void, void> {
  const texts = new MessageTexts(whole);
  return made(events, goalId, denials, (event) => texts.piece(event));
}

export function goalItems(
  events: Events,
  goalId: string,
  denials: TurnDenials,
): AsyncGenerator<ThreadItem, void, void> {
  return made(events, goalId, denials, (event) => (event.method === 'item/completed' ? event.payload.item : undefined));
}

/** What `pick` takes from the events. The end is that of the goal's result. */
function made<T>(
  events: Events,
  goalId: string,
  denials: TurnDenials,
  pick: (event: Notification) => T | undefined,
): AsyncGenerator<T, void, void> {
  async function* values(): AsyncGenerator<T, void, void> {
    const collector = new TurnCollector(goalId, denials);
    let readToEnd = false;
    for await (const event of events) {
      collector.take(event);
      readToEnd ||= event.method === 'turn/completed';
      const value = pick(event);
      if (value !== undefined) yield value;
    }
    if (readToEnd) collector.result();
  }
  return endable(values(), () => void events.return());
}
