import type { Terminal } from './context.ts';
import { clock } from './progress.ts';

/** Without a status line, a line at each of these steps. */
const stepPercent = 10;
/** What is left is guessed from what was done; before that it would jump. */
const leastKnownMs = 5000;

export interface ExploreProgressOptions {
  total: number;
  /** `runs`, `schedules`: what is counted. */
  of: string;
  now?: () => number;
}

/** What the terminal shows while runs that nobody wrote down are played: one line that changes where somebody watches, otherwise a line now and then. */
export class ExploreProgress {
  readonly #terminal: Pick<Terminal, 'live' | 'note' | 'status'>;
  readonly #options: Required<ExploreProgressOptions>;
  readonly #begun: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #ended = 0;
  #found = 0;
  #step = 0;

  constructor(
    terminal: Pick<Terminal, 'live' | 'note' | 'status'>,
    { now = Date.now, ...options }: ExploreProgressOptions,
  ) {
    this.#terminal = terminal;
    this.#options = { ...options, now };
    this.#begun = now();
    if (!terminal.live) return;
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#timer.unref();
  }

  /** A run has ended. */
  ended(found: boolean): void {
    this.#ended += 1;
    if (found) this.#found += 1;
    this.#show();
    if (this.#terminal.live) return;
    const step = Math.floor((100 * this.#ended) / this.#options.total / stepPercent);
    if (step === this.#step) return;
    this.#step = step;
    this.#terminal.note(this.#counts());
  }

  /** No run is played any more. */
  end(): void {
    clearInterval(this.#timer);
    this.#terminal.status();
  }

  #show(): void {
    if (this.#terminal.live) this.#terminal.status(this.#counts());
  }

  /** `[ 45 %] 1044 of 2316 runs, 2 findings, 2:31 so far, about 3:12 left` */
  #counts(): string {
    const { total, of, now } = this.#options;
    const worked = now() - this.#begun;
    const left =
      this.#ended === total || this.#ended === 0 || worked < leastKnownMs
        ? ''
        : `, about ${clock((worked * (total - this.#ended)) / this.#ended)} left`;
    const percent = String(total === 0 ? 100 : Math.floor((100 * this.#ended) / total)).padStart(3);
    const found = `${this.#found} finding${this.#found === 1 ? '' : 's'}`;
    return `[${percent} %] ${this.#ended} of ${total} ${of}, ${found}, ${clock(worked)} so far${left}`;
  }
}
