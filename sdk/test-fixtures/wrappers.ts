/** What tracing tools and frameworks put around an object. */
export type Wrap = <T extends object>(o: T) => T;

const bare: Wrap = (o) => new Proxy(o, {});

/** Whatever comes out of it is wrapped too, and methods are called on the wrapper. */
function traced<T>(value: T): T {
  if (value instanceof Promise) return value.then(traced) as T;
  // The platform's own streams fail through a Proxy, whoever made them.
  if (value instanceof ReadableStream) return value;
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  return new Proxy(value, {
    get: (target, key, receiver) => {
      // The language demands the value itself of what cannot be changed.
      const property = Reflect.getOwnPropertyDescriptor(target, key);
      const own = Reflect.get(target, key, receiver);
      return property?.configurable === false && property.writable === false ? own : traced(own);
    },
    apply: (target, self, args) => traced(Reflect.apply(target as () => unknown, self, args)),
  });
}

const bound: Wrap = (o) =>
  new Proxy(o, {
    get: (target, key) => {
      const value = target[key as keyof typeof target];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

export const wrappers: Readonly<Record<string, Wrap>> = {
  'a Proxy': bare,
  'a Proxy of a Proxy': (o) => bare(bare(o)),
  'a Proxy that wraps all that comes out of it': traced,
  'a Proxy that binds methods': bound,
  'an object that inherits': (o) => Object.create(o),
};
