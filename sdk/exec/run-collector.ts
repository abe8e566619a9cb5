import { literal } from '../errors/python-text.ts';
import { failureOf } from '../rpc/engine-words.ts';
import type { ThreadEvent } from './events.ts';
import { ThreadRunError } from './exec-errors.ts';
import type { Turn } from './turn.ts';

/** What a turn's events come to, taken one after the other. */
export class RunCollector {
  readonly turn: Turn = { items: [], finalResponse: '', usage: null };
  /** Why the turn failed. */
  failure: string | undefined;
  #told: string | undefined;

  take(event: ThreadEvent): void {
    this.failure ??= failureOf(event);
    if (event.type === 'item.completed') {
      this.turn.items.push(event.item);
      if (event.item.type === 'agent_message') this.turn.finalResponse = event.item.text;
    } else if (event.type === 'turn.completed') {
      this.turn.usage = event.usage;
    } else if (event.type === 'error') {
      // Not checked as a line is read: an error of another form must not end a stream.
      const message: unknown = event.message;
      this.#told = typeof message === 'string' || message === undefined ? message : literal(message);
    }
  }

  /** @throws ThreadRunError if the turn failed, or an error was reported and the turn not completed */
  result(): Turn {
    if (this.failure !== undefined) throw new ThreadRunError(this.failure, this.turn);
    // Both references resolve here with an empty answer. A reported error that was recovered from (`Reconnecting… 1/5`)
    // is followed by a completion.
    if (this.#told !== undefined && this.turn.usage === null) throw new ThreadRunError(this.#told, this.turn);
    return this.turn;
  }
}
