// A module as no entry of the package may be. `any` comes by inference, as it does in real life.

export class Bare {
  async say(text: string) {
    return this.#parse(text);
  }

  #parse(text: string) {
    return JSON.parse(text);
  }
}

export interface BareOptions {
  size?: number;
}

/** Documented, but what is it? */
export const parsed = JSON.parse('{}');
