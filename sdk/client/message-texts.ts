import type { ThreadItem } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';

/**
 * The text of the agent's messages, piece by piece, from the events of a turn. Put together, the pieces are the texts of
 * all messages, wherever the reading began: a message of which the beginning was missed comes whole, once it is complete.
 */
export class MessageTexts {
  readonly #whole: boolean;
  /** Messages of which the beginning has been seen. */
  readonly #begun = new Set<string>();
  /** Messages that have been told piece by piece. */
  readonly #told = new Set<string>();
  #telling: string | undefined;

  /** @param whole the events begin where the turn does, so that nothing has been missed */
  constructor(whole: boolean) {
    this.#whole = whole;
  }

  /** The piece that an event brings; undefined if it brings none. */
  piece(event: Notification): string | undefined {
    if (event.method === 'item/agentMessage/delta') {
      const { delta, itemId } = event.payload;
      // Payloads are passed on unchanged, so their fields are checked before they are used.
      if (typeof delta !== 'string' || delta === '') return undefined;
      if (itemId !== this.#telling) {
        if (!this.#whole && !this.#begun.has(itemId)) return undefined;
        this.#telling = itemId;
        this.#told.add(itemId);
      }
      return delta;
    }
    if (event.method !== 'item/started' && event.method !== 'item/completed') return undefined;
    const message = messageIn(event.payload.item);
    if (!message) return undefined;
    if (event.method === 'item/started') this.#begun.add(message.id);
    else if (!this.#told.has(message.id) && message.text !== '') return message.text;
    return undefined;
  }
}

/** The id and text of a message; undefined for any other item. */
export function messageIn(item: ThreadItem): { id: string; text: string } | undefined {
  const { type, id, text }: { type?: unknown; id?: unknown; text?: unknown } = isObject(item) ? item : {};
  if (type !== 'agentMessage' || typeof id !== 'string') return undefined;
  return { id, text: typeof text === 'string' ? text : '' };
}
