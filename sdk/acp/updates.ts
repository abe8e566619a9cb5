import type { PlanEntry, SessionUpdate } from '@agentclientprotocol/sdk';
import type { Notification } from '../index.ts';
import type { ThreadItem, UserInput } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { outputContent, toolCallOf } from './tool-calls.ts';

type Chunk = 'agent_message_chunk' | 'agent_thought_chunk' | 'user_message_chunk';

/** The events of a turn as updates for the client. */
export class Updates {
  /** What has been passed on of each text. */
  readonly #said = new Map<string, number>();
  readonly #started = new Set<string>();
  readonly #outputs = new Map<string, string>();

  *take(event: Notification): Generator<SessionUpdate, void, void> {
    switch (event.method) {
      case 'item/started':
        if (isObject(event.payload.item)) yield* this.#begin(event.payload.item);
        return;
      case 'item/completed':
        if (isObject(event.payload.item)) yield* this.item(event.payload.item);
        return;
      case 'item/agentMessage/delta':
      case 'item/plan/delta':
        return yield* this.#piece('agent_message_chunk', event.payload.itemId, event.payload.delta);
      case 'item/reasoning/summaryTextDelta': {
        const { itemId, summaryIndex, delta } = event.payload;
        return yield* this.#piece('agent_thought_chunk', `${itemId}:summary:${summaryIndex}`, delta);
      }
      case 'item/reasoning/textDelta': {
        const { itemId, contentIndex, delta } = event.payload;
        return yield* this.#piece('agent_thought_chunk', `${itemId}:text:${contentIndex}`, delta);
      }
      case 'item/commandExecution/outputDelta': {
        const { itemId: toolCallId, delta } = event.payload;
        const output = `${this.#outputs.get(toolCallId) ?? ''}${delta}`;
        this.#outputs.set(toolCallId, output);
        yield { sessionUpdate: 'tool_call_update', toolCallId, content: outputContent(output) };
        return;
      }
      case 'turn/plan/updated':
        yield { sessionUpdate: 'plan', entries: event.payload.plan.map(planEntry) };
        return;
      case 'thread/tokenUsage/updated': {
        const { last, modelContextWindow: size } = event.payload.tokenUsage;
        if (size != null) yield { sessionUpdate: 'usage_update', used: last.totalTokens, size };
        return;
      }
    }
  }

  /** An item that is complete: what is still to be said of it, all if nothing has been. */
  *item(item: ThreadItem): Generator<SessionUpdate, void, void> {
    switch (item.type) {
      case 'userMessage':
        return;
      case 'agentMessage':
      case 'plan':
        return yield* this.#rest('agent_message_chunk', item.id, item.text);
      case 'reasoning':
        for (const [at, text] of (item.summary ?? []).entries())
          yield* this.#rest('agent_thought_chunk', `${item.id}:summary:${at}`, text);
        for (const [at, text] of (item.content ?? []).entries())
          yield* this.#rest('agent_thought_chunk', `${item.id}:text:${at}`, text);
        return;
    }
    const call = toolCallOf(item);
    if (!call) return;
    this.#outputs.delete(item.id);
    yield this.#started.delete(item.id)
      ? { sessionUpdate: 'tool_call_update', ...call }
      : { sessionUpdate: 'tool_call', ...call };
  }

  /** An item of the past: what its user has said is not known to the client either. */
  *past(item: ThreadItem): Generator<SessionUpdate, void, void> {
    if (item.type !== 'userMessage') return yield* this.item(item);
    for (const [at, part] of item.content.entries())
      yield* this.#rest('user_message_chunk', `${item.id}:${at}`, textOf(part));
  }

  *#begin(item: ThreadItem): Generator<SessionUpdate, void, void> {
    const call = toolCallOf(item);
    if (!call) return;
    this.#started.add(item.id);
    yield { sessionUpdate: 'tool_call', ...call, status: 'in_progress' };
  }

  *#rest(sessionUpdate: Chunk, id: string, text: unknown): Generator<SessionUpdate, void, void> {
    if (typeof text === 'string') yield* this.#piece(sessionUpdate, id, text.slice(this.#said.get(id) ?? 0));
  }

  *#piece(sessionUpdate: Chunk, messageId: string, text: string): Generator<SessionUpdate, void, void> {
    if (text === '') return;
    this.#said.set(messageId, (this.#said.get(messageId) ?? 0) + text.length);
    yield { sessionUpdate, content: { type: 'text', text }, messageId };
  }
}

const stepStatuses: Readonly<Record<string, PlanEntry['status']>> = {
  inProgress: 'in_progress',
  completed: 'completed',
};

const planEntry = ({ step, status }: { step: string; status: string }): PlanEntry => ({
  content: step,
  priority: 'medium',
  status: stepStatuses[status] ?? 'pending',
});

const textOf = (part: UserInput): string => (part.type === 'text' ? part.text : `[${part.type}]`);
