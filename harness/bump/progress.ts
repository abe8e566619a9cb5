/** A line for every twentieth part of the work. */
export class Progress {
  readonly #note: (line: string) => void;
  readonly #of: number;
  readonly #what: string;
  readonly #begun = performance.now();
  #done = 0;
  #told = 0;

  constructor(note: (line: string) => void, of: number, what: string) {
    this.#note = note;
    this.#of = of;
    this.#what = what;
  }

  add(): void {
    this.#done += 1;
    const part = Math.floor((20 * this.#done) / this.#of);
    if (part === this.#told) return;
    this.#told = part;
    const seconds = Math.round((performance.now() - this.#begun) / 1000);
    this.#note(`${this.#what}: ${part * 5} % (${this.#done} of ${this.#of}, ${seconds} s)`);
  }
}
