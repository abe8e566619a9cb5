import { CodexError } from '../errors/codex-error.ts';
import { turnFailure } from '../errors/turn-failure.ts';
import type { ThreadItem, ThreadTokenUsage, TurnError, TurnStatus } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';

/** What a turn came to (Python: `TurnResult`). */
export interface TurnResult {
  /** The turn's id. */
  id: string;
  /** `completed` or `interrupted`; an engine of another version may have further ones. */
  status: TurnStatus;
  /** What went wrong, where the engine says so. A failed turn is a `TurnFailedError`, which carries its result. */
  error: TurnError | null;
  /** Seconds since 1970. */
  startedAt: number | null;
  /** Seconds since 1970. */
  completedAt: number | null;
  /** Milliseconds from start to end, as the engine counts them. */
  durationMs: number | null;
  /** The final answer's text: see `finalResponse`. Null when the agent said nothing final. */
  finalResponse: string | null;
  /** Every item that completed during the turn, in order. Items of types unknown to this SDK are there too. */
  items: ThreadItem[];
  /** The last token usage that was told before the end. */
  usage: ThreadTokenUsage | null;
}

/**
 * The text that answers the user: the last message of the phase `final_answer`; without one, the last message without a
 * phase. Messages of any other phase never count; an empty text does.
 */
export function finalResponse(items: readonly ThreadItem[]): string | null {
  const messages = items.filter((item) => item.type === 'agentMessage');
  const final =
    messages.findLast((item) => item.phase === 'final_answer') ?? messages.findLast((item) => item.phase == null);
  return final?.text ?? null;
}

/**
 * Reads a turn's events to their end.
 * @throws TurnFailedError (AuthError where the login was refused) when the turn failed; it carries the result so far
 * @throws CodexError `turn completed event not received` when the events end without a readable one
 */
export async function collectTurnResult(events: AsyncIterable<Notification>, turnId: string): Promise<TurnResult> {
  const items: ThreadItem[] = [];
  let usage: ThreadTokenUsage | null = null;
  let result: TurnResult | undefined;
  for await (const event of events) {
    // Payloads are passed on as they came, so what is taken from one is looked at first.
    if (event.method === 'item/completed') {
      if (event.payload.turnId === turnId && isObject(event.payload.item)) items.push(event.payload.item);
    } else if (event.method === 'thread/tokenUsage/updated') {
      if (event.payload.turnId === turnId && isObject(event.payload.tokenUsage)) usage = event.payload.tokenUsage;
    } else if (event.method === 'turn/completed') {
      const turn = isObject(event.payload.turn) ? event.payload.turn : undefined;
      if (turn?.id !== turnId || typeof turn.status !== 'string') continue;
      result = {
        id: turn.id,
        status: turn.status,
        error: turn.error ?? null,
        startedAt: turn.startedAt ?? null,
        completedAt: turn.completedAt ?? null,
        durationMs: turn.durationMs ?? null,
        finalResponse: finalResponse(items),
        items,
        usage,
      };
    }
  }
  if (!result)
    throw new CodexError('turn completed event not received', { kind: 'protocol', action: `turn ${turnId}` });
  if (result.status === 'failed') throw turnFailure(result);
  return result;
}
