import { Session } from 'node:inspector';

/** What the inspector says of a value: where it is an object, an id by which it is found. */
interface Remote {
  objectId?: string;
  value?: unknown;
}

interface Properties {
  result: { name: string; value?: Remote }[];
  privateProperties?: { name: string; value?: Remote }[];
}

const group = 'held';

/**
 * Reads private fields of objects, for tests alone: the product keeps no list of what it holds, which would cost
 * something and would have to be kept. V8's inspector shows them in any program, a bundled one too.
 */
export class FieldReader {
  readonly #session = new Session();
  readonly #private = new Map<object, boolean>();
  /** The inspector's id of `exchange`. */
  #exchange: string | undefined;

  constructor() {
    this.#session.connect();
  }

  /** Lets go of everything that it has looked at. */
  close(): void {
    this.#post('Runtime.releaseObjectGroup', { objectGroup: group });
    this.#session.disconnect();
  }

  /** The fields of an object, private ones as `#name`; getters are not called. */
  fieldsOf(owner: object): [name: string, value: unknown][] {
    const own = Object.entries(Object.getOwnPropertyDescriptors(owner)).flatMap(
      ([name, { value }]): [string, unknown][] => (value === undefined ? [] : [[name, value]]),
    );
    return this.#hasPrivate(owner) ? [...own, ...this.#privateOf(owner)] : own;
  }

  /** By the text of its classes: asking the inspector takes a hundred times as long as looking at a field. */
  #hasPrivate(owner: object): boolean {
    for (let at: object | null = Object.getPrototypeOf(owner); at && at !== Object.prototype; ) {
      if (this.#classHasPrivate(at)) return true;
      at = Object.getPrototypeOf(at);
    }
    return false;
  }

  #classHasPrivate(prototype: object): boolean {
    const known = this.#private.get(prototype);
    if (known !== undefined) return known;
    const has = /#\w/.test(Function.prototype.toString.call(prototype.constructor));
    this.#private.set(prototype, has);
    return has;
  }

  #privateOf(owner: object): [string, unknown][] {
    const properties = { objectId: this.#handOver(owner), ownProperties: true };
    const { privateProperties = [] } = this.#post<Properties>('Runtime.getProperties', properties);
    const fields = privateProperties.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
    const objects = this.#take(fields.flatMap(({ value }) => value.objectId ?? []));
    return fields.map(({ name, value }) => [name, value.objectId === undefined ? value.value : objects.shift()]);
  }

  /** The inspector's id of an object. */
  #handOver(owner: object): string | undefined {
    exchange.handed = owner;
    this.#exchange ??= this.#exchangeId();
    const { result } = this.#post<Properties>('Runtime.getProperties', {
      objectId: this.#exchange,
      ownProperties: true,
    });
    delete exchange.handed;
    return result.find(({ name }) => name === 'handed')?.value?.objectId;
  }

  #exchangeId(): string | undefined {
    const expression = `globalThis[Symbol.for(${JSON.stringify(exchangeName)})]`;
    return this.#post<{ result: Remote }>('Runtime.evaluate', { expression, objectGroup: group }).result.objectId;
  }

  /** The objects of these ids, by one call of the inspector: a call for each took most of the time. */
  #take(ids: readonly string[]): unknown[] {
    if (ids.length === 0) return [];
    const functionDeclaration = 'function (...given) { this.given = given; }';
    const [objectId, given] = [this.#exchange, ids.map((id) => ({ objectId: id }))];
    this.#post('Runtime.callFunctionOn', { objectId, functionDeclaration, arguments: given, silent: true });
    const taken = exchange.given;
    exchange.given = [];
    return taken;
  }

  /** The inspector answers at once. */
  #post<Result>(method: string, params: object): Result {
    let answer: { error: Error | null; result: unknown } | undefined;
    this.#session.post(method, params, (error, result) => {
      answer = { error, result };
    });
    if (!answer || answer.error) throw new Error(`${method} of the inspector`, { cause: answer?.error });
    return answer.result as Result;
  }
}

const exchangeName = 'twinproof.held';
/** By which this module and the inspector hand each other objects. */
const exchange: { handed?: object; given: unknown[] } = { given: [] };
Object.defineProperty(globalThis, Symbol.for(exchangeName), { value: exchange, configurable: true });
