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
