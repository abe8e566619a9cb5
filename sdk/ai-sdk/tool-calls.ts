import { onAbort } from '../host/on-abort.ts';
import type { ToolContent } from '../index.ts';

interface Call {
  result: Promise<ToolContent>;
  answer(result: ToolContent): void;
}

/** The calls of tools that engines wait for. The engine's question and the program's answer may come in any order. */
export class ToolCalls {
  readonly #calls = new Map<string, Call>();

  /** The engine asks. @param signal fires when it does not wait any more */
  async ask(threadId: string, callId: string, signal: AbortSignal): Promise<ToolContent> {
    const key = keyOf(threadId, callId);
    const forget = () => void this.#calls.delete(key);
    const stop = onAbort(signal, forget);
    try {
      return await this.#call(key).result;
    } finally {
      stop();
      forget();
    }
  }

  /** The program answers. */
  answer(threadId: string, callId: string, result: ToolContent): void {
    this.#call(keyOf(threadId, callId)).answer(result);
  }

  #call(key: string): Call {
    const known = this.#calls.get(key);
    if (known) return known;
    let answer: Call['answer'] = () => {};
    const result = new Promise<ToolContent>((resolve) => {
      answer = resolve;
    });
    const call = { result, answer };
    this.#calls.set(key, call);
    return call;
  }
}

const keyOf = (threadId: string, callId: string): string => JSON.stringify([threadId, callId]);
