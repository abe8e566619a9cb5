import { isObject, type JsonObject } from '../json/json.ts';

/**
 * A message from the client: a request (with `id`), a notification, or the answer to a server request (without
 * `method`).
 */
export type SentMessage = JsonObject;

/** What a client has sent, and who waits for what it has not sent yet. */
export class SentMessages {
  readonly all: SentMessage[] = [];
  readonly #waiting = new Set<{
    method: string;
    n: number;
    resolve(params: JsonObject): void;
    reject(cause: Error): void;
  }>();

  add(message: SentMessage): void {
    this.all.push(message);
    for (const one of this.#waiting) {
      const found = this.#find(one.method, one.n);
      if (found !== undefined && this.#waiting.delete(one)) one.resolve(found);
    }
  }

  /** The params of the nth message of a method (from 1). @throws Error if the client closes first */
  async wait(method: string, n: number): Promise<JsonObject> {
    return (
      this.#find(method, n) ??
      (await new Promise<JsonObject>((resolve, reject) => this.#waiting.add({ method, n, resolve, reject })))
    );
  }

  /** The client has closed. */
  close(): void {
    for (const { method, reject } of this.#waiting)
      reject(new Error(`memoryEngine: the client closed before it sent ${method}`));
    this.#waiting.clear();
  }

  #find(method: string, n: number): JsonObject | undefined {
    const message = this.all.filter((one) => one.method === method)[n - 1];
    return message && (isObject(message.params) ? message.params : {});
  }
}
