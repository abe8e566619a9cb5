// @ts-check

/** Where a class writes its name for every copy of this package: on its prototype. */
const key = '~twinproof';

const { [Symbol.hasInstance]: isOwnInstance } = Function.prototype;

/**
 * Makes `instanceof` true for objects of the same class from another copy of this package, of any version. A package
 * manager installs one copy for each set of peers, a test runner creates one for each file, and a bundle contains one.
 * A class of your own that extends one of these recognises only its own objects.
 * @param {Readonly<Record<string, { prototype: object }>>} classes by the names that all copies use
 */
export function oneClassInAllCopies(classes) {
  for (const [name, one] of Object.entries(classes)) {
    Object.defineProperty(one.prototype, key, { value: name });
    Object.defineProperty(one, Symbol.hasInstance, { value: isInstance });
  }
}

/** @this {{ prototype: object }} @param {unknown} value */
function isInstance(value) {
  if (isOwnInstance.call(/** @type {Function} */ (this), value)) return true;
  const name = nameOf(this.prototype);
  if (name === undefined || typeof value !== 'object' || value === null) return false;
  // Not on the object itself, because that could come from anybody's JSON.
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at))
    if (nameOf(at) === name) return true;
  return false;
}

/** @param {object} prototype */
const nameOf = (prototype) => Object.getOwnPropertyDescriptor(prototype, key)?.value;
