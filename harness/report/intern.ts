/** Keeps each distinct JSON value once and gives its index: what thousands of cells share is embedded a single time. */
export class Interner<T> {
  readonly values: T[] = [];
  readonly #indices = new Map<string, number>();

  add(value: T): number {
    const text = JSON.stringify(value);
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    this.#indices.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}
