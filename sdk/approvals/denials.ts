import type { ThreadItem } from '../protocol/index.ts';
import type { ApprovalDenial } from './options.ts';

/** What was refused in a turn. */
export class TurnDenials {
  readonly #all: { denial: ApprovalDenial; throws: boolean }[] = [];
  /** A handle of the turn has it. */
  claimed = false;
  /** The turn has ended. */
  over = false;
  /** The turn was interrupted because of one. */
  interrupted = false;

  /** @param throws whether the turn's result is an error because of it */
  add(denial: ApprovalDenial, throws: boolean): void {
    this.#all.push({ denial, throws });
  }

  /** All of them, each with its item as it ended. */
  list(completed: readonly ThreadItem[]): ApprovalDenial[] {
    return this.#all.map(({ denial }) => withItem(denial, completed));
  }

  /** The first that makes the turn's result an error. */
  thrown(completed: readonly ThreadItem[]): ApprovalDenial | undefined {
    const first = this.#all.find(({ throws }) => throws);
    return first && withItem(first.denial, completed);
  }
}

function withItem(denial: ApprovalDenial, completed: readonly ThreadItem[]): ApprovalDenial {
  return { ...denial, item: completed.find(({ id }) => id === denial.itemId) ?? denial.item };
}
