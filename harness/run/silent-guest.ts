import type { RunOutcome } from '../driver/driver-process.ts';
import { holds } from '../judging/holds.ts';
import { CouldNotRunError } from './run-cell.ts';

/** After so many cells in a row it is not asked any more. */
const most = 2;

/** Whether a guest's driver keeps silent: each such cell costs seconds, and a run has hundreds. */
export class SilentGuest {
  #cells: string[] = [];

  note(scenario: string, { silent }: Pick<RunOutcome, 'silent'>): void {
    this.#cells = silent ? [...this.#cells, scenario] : [];
  }

  /** @throws CouldNotRunError once it was silent too often */
  refuse(): void {
    const cells = this.#cells.slice(-most).join(' and ');
    if (holds('guest-silent', this.#cells.length >= most))
      throw new CouldNotRunError(`not tried: the driver wrote nothing in ${cells}; fix that first`);
  }
}
