import { StdioTransport } from '../../../../sdk/transport/stdio.ts';

/** The names of an object's methods. */
type MethodName<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T];

/**
 * Replaces a method of a class with one made from it, for every instance, as an edit of the class's source would. Pass
 * on `this`: `original.call(this, …)`.
 */
export function patch<T extends object, K extends MethodName<T>>(
  prototype: T,
  name: K,
  make: (original: T[K]) => T[K],
): void {
  prototype[name] = make(prototype[name]);
}

/** A message as it is on the wire. */
export type WireMessage = Record<string, unknown>;

export interface WireChange {
  /** What the engine gets instead of what the client sent. */
  out?(message: WireMessage): WireMessage;
  /** What the client gets instead of what the engine sent. */
  in?(message: WireMessage): WireMessage;
}

/** Changes messages between the connection and the engine, without anything above noticing. */
export function patchWire(change: WireChange): undefined {
  const apply = (text: string, one: ((message: WireMessage) => WireMessage) | undefined) =>
    one === undefined ? text : JSON.stringify(one(JSON.parse(text) as WireMessage));
  patch(StdioTransport.prototype, 'send', (original) => {
    return function (this: StdioTransport, line) {
      original.call(this, apply(line, change.out));
    };
  });
  patch(StdioTransport.prototype, 'open', (original) => {
    return function (this: StdioTransport, events) {
      const onLine: typeof events.onLine = (line) => events.onLine({ ...line, text: apply(line.text, change.in) });
      return original.call(this, { onLine, onClosed: (cause) => events.onClosed(cause) });
    };
  });
}
