/** The names of an object's methods. */
type MethodName<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T];

/**
 * Replaces a method of a class by one that is made from it, for every instance, as an edit of the class's source would.
 * `this` is to be passed on: `original.call(this, …)`.
 */
export function patch<T extends object, K extends MethodName<T>>(
  prototype: T,
  name: K,
  make: (original: T[K]) => T[K],
): void {
  prototype[name] = make(prototype[name]);
}
