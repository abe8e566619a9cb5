import { inspect } from 'node:util';
import { expectedGot } from '../../native/expected-got.mjs';

const tokenKey = Symbol('twinproof.state');

/** What the objects of one class keep to themselves. */
export interface HiddenState<State> {
  set(owner: object, state: State): void;
  /** @throws TypeError if this is neither an object of the class nor a wrapper of one */
  of(owner: object): State;
}

/**
 * Fields of a public class that nobody sees: not the types, `util.inspect`, `JSON.stringify` or `structuredClone`. Unlike
 * `#private` fields, methods still reach them through a `Proxy`, as tracing tools put around objects. An object holds a
 * token that stands for its fields: a symbol, because a wrapper may wrap every object that it hands out.
 * @param name of the class, for errors
 */
export function hiddenState<State>(name: string): HiddenState<State> {
  const states = new WeakMap<symbol, State>();
  return {
    set(owner, state) {
      states.set(tokenOf(owner) ?? giveToken(owner), state);
    },
    of(owner) {
      const token = tokenOf(owner);
      const state = token && states.get(token);
      if (state !== undefined) return state;
      const got = owner === undefined ? 'undefined' : 'another object';
      throw new TypeError(
        expectedGot(`calling a method of ${name}`, `the ${name} as \`this\``, got, 'Bind the method, or call it on it'),
      );
    },
  };
}

const tokenOf = (owner: object): symbol | undefined => (owner as { [tokenKey]?: symbol } | undefined)?.[tokenKey];

function giveToken(owner: object): symbol {
  const value = Symbol('state');
  // Not enumerable, so that nobody copies or prints it.
  Object.defineProperty(owner, tokenKey, { value });
  return value;
}

/** Makes `util.inspect` and `console.log` show these fields of an object whose public ones are getters. */
export function inspectAs<T extends object>(type: { prototype: T }, fields: (self: T) => object): void {
  Object.defineProperty(type.prototype, inspect.custom, {
    value: function shown(this: T, _depth: number, options: object, print: typeof inspect): string {
      return `${Object.getPrototypeOf(this).constructor.name} ${print(fields(this), options)}`;
    },
  });
}
