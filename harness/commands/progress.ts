import { engineName } from '../cell/cell-path.ts';
import { type CellPlan, type CellResult, failingVerdicts } from '../cell/types.ts';
import { whyFailed } from '../report/difference-text.ts';
import type { Terminal } from './context.ts';

/** So many failures are told as they come; the end groups all of them. */
const mostTold = 20;
/** Without a status line, a line at each of these steps. */
const stepPercent = 10;
/** What is left is guessed from what was done; before that it would jump. */
const leastKnownMs = 5000;

export interface ProgressOptions {
  total: number;
  /** A line for each cell. */
  verbose: boolean;
  /** When the run began, as `now` tells it. */
  begun: number;
  now?: () => number;
}

/** What the terminal shows while cells run: one line that changes where somebody watches, otherwise a line now and then; failures as they come. */
export class RunProgress {
  readonly #terminal: Terminal;
  readonly #options: Required<ProgressOptions>;
  readonly #running = new Set<CellPlan>();
  readonly #timer: NodeJS.Timeout | undefined;
  /** When the first cell began. */
  readonly #first: number;
  #ended = 0;
  #failed = 0;
  #step = 0;

  constructor(terminal: Terminal, { now = Date.now, ...options }: ProgressOptions) {
    this.#terminal = terminal;
    this.#options = { ...options, now };
    this.#first = now();
    if (!terminal.live) return;
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#timer.unref();
  }

  began(plan: CellPlan): void {
    this.#running.add(plan);
    this.#show();
  }

  ended(plan: CellPlan, result: CellResult): void {
    const { total, verbose } = this.#options;
    const { paint } = this.#terminal;
    this.#running.delete(plan);
    this.#ended += 1;
    const failed = failingVerdicts.has(result.verdict);
    if (failed) this.#failed += 1;
    const name = `${result.scenario}  ${result.client} on ${engineName(result)}`;
    const verdict = failed ? paint.red(result.verdict) : result.verdict;
    if (verbose) this.#terminal.note(`[${this.#ended}/${total}] ${name}  ${verdict}  ${result.durationMs} ms`);
    else if (failed && this.#failed <= mostTold)
      this.#terminal.note(`${verdict}  ${name}  ${whyFailed({ first: result.unexplained[0], reason: result.reason })}`);
    if (!verbose && failed && this.#failed === mostTold + 1)
      this.#terminal.note('more cells fail; all of them are grouped at the end');
    this.#show();
    if (!this.#terminal.live && !verbose) this.#tellStep();
  }

  /** No cell runs any more. */
  end(): void {
    clearInterval(this.#timer);
    this.#terminal.status();
  }

  #tellStep(): void {
    const { total } = this.#options;
    const step = Math.floor((100 * this.#ended) / total / stepPercent);
    if (step === this.#step) return;
    this.#step = step;
    this.#terminal.note(this.#counts());
  }

  #show(): void {
    if (!this.#terminal.live) return;
    const running = [...this.#running].map(({ scenario, client, engine, engineVersion }) => {
      const on = engineName({ engine, ...(engineVersion !== undefined && { engineVersion }) });
      return `${scenario.id} ${client} ${on}`;
    });
    this.#terminal.status([this.#counts(), ...running].join(' · '));
  }

  /** `[ 45 %] 1044 of 2316 cells, 0 failed, 2:31 so far, about 3:12 left` */
  #counts(): string {
    const { total, begun, now } = this.#options;
    const share = total === 0 ? 1 : this.#ended / total;
    const worked = now() - this.#first;
    const left =
      this.#ended === total || this.#ended === 0 || worked < leastKnownMs
        ? ''
        : `, about ${clock((worked * (total - this.#ended)) / this.#ended)} left`;
    const percent = String(Math.floor(100 * share)).padStart(3);
    const since = clock(now() - begun);
    return `[${percent} %] ${this.#ended} of ${total} cells, ${this.#failed} failed, ${since} so far${left}`;
  }
}

/** `3:07`; an hour is 60 minutes. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Tells what the time after the last cell goes into: before it begins, so that nothing waits without a word. */
export function tellDoing(terminal: Terminal): (what: string, part?: { done: number; of: number }) => void {
  let told = '';
  return (what, part) => {
    const counted = part === undefined ? '' : `: ${part.done} of ${part.of}`;
    if (terminal.live) return terminal.status(`${what}${counted} …`);
    // A quarter at a time is enough for a log.
    const quarter = part === undefined ? 0 : Math.floor((4 * part.done) / part.of);
    const name = `${what} ${quarter}`;
    if (name === told) return;
    told = name;
    terminal.note(`${what}${quarter === 0 ? '' : counted} …`);
  };
}
