import type { ThreadItem } from '../protocol/index.ts';
import type { StartedItems } from './requests.ts';

const waitingTypes: readonly string[] = [
  'commandExecution',
  'fileChange',
  'mcpToolCall',
] satisfies ThreadItem['type'][];

/** The items that have started and are not over, by thread: a request names its item, and only the item has the change. */
export class StartedItemsOfThreads implements StartedItems {
  readonly #threads = new Map<string, Map<string, ThreadItem>>();

  started(threadId: string, item: ThreadItem): void {
    if (!waitingTypes.includes(item.type) || typeof item.id !== 'string') return;
    const items = this.#threads.get(threadId) ?? new Map();
    this.#threads.set(threadId, items.set(item.id, item));
  }

  completed(threadId: string, itemId: unknown): void {
    const items = this.#threads.get(threadId);
    if (items?.delete(String(itemId)) && items.size === 0) this.#threads.delete(threadId);
  }

  /** Of an interrupted turn, items that have started never complete. */
  forget(threadId: string): void {
    this.#threads.delete(threadId);
  }

  clear(): void {
    this.#threads.clear();
  }

  byId(threadId: string, itemId: string): ThreadItem | undefined {
    return this.#threads.get(threadId)?.get(itemId);
  }

  toolCall(threadId: string, server: string, tool: string): ThreadItem | undefined {
    const items = [...(this.#threads.get(threadId)?.values() ?? [])];
    return items.findLast(
      (item) => item.type === 'mcpToolCall' && item.server === server && (tool === '' || item.tool === tool),
    );
  }
}
