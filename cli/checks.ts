import type { Output } from '../harness/commands/output.mjs';

/** One line of a report. */
export interface Check {
  name: string;
  ok: boolean;
  says: string;
}

/** Checks of an engine and its machine, one after the other, with a line for each. */
export class Checks {
  readonly all: Check[] = [];
  readonly #output: Output;
  readonly #signal: AbortSignal;

  constructor(output: Output, signal: AbortSignal) {
    this.#output = output;
    this.#signal = signal;
  }

  /**
   * Does one check: what `work` returns or throws is its line.
   * @param needed without it, a failure is told and counts as passed
   * @returns whether it passed
   * @throws the signal's reason when aborted
   */
  async look(name: string, work: () => string | Promise<string>, needed = true): Promise<boolean> {
    const check = await this.#result(name, work, needed);
    this.all.push(check);
    const { paint } = this.#output;
    const [first = '', ...more] = check.says.split('\n');
    this.#output.status();
    this.#output.out(
      `${check.ok ? paint.green('ok   ') : paint.red('wrong')} ${name}: ${first}`,
      ...more.map((line) => `      ${line}`),
    );
    return check.ok;
  }

  async #result(name: string, work: () => string | Promise<string>, needed: boolean): Promise<Check> {
    try {
      return { name, ok: true, says: await work() };
    } catch (error) {
      this.#signal.throwIfAborted();
      return { name, ok: !needed, says: (error as Error).message };
    }
  }

  /** Prints the totals. @returns the exit code */
  conclude(): number {
    const failed = this.all.filter(({ ok }) => !ok).length;
    this.#output.out(`${this.all.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  }
}
