import type { ObservationBody } from '../observation/types.ts';
import type { Scenario, Step } from '../scenario/types.ts';

/** How long a driver may be silent. */
export interface Patience {
  /** For a step without a deadline of the scenario's own. */
  stepMs: number;
  /** For what the driver writes first: the client starts. At least a step's. */
  openingMs: number;
  /** For `done`, once everything has been performed. */
  closingMs: number;
  /** Added to each: the driver's own clock comes first. */
  graceMs: number;
}

export const patience: Patience = { stepMs: 20_000, openingMs: 20_000, closingMs: 30_000, graceMs: 2_000 };

export interface Owed {
  /** In words. */
  line: string;
  /** After which the driver is held to be hung. */
  withinMs: number;
}

type Line = Pick<ObservationBody, 'ch'> & { lane?: string; op?: string };

/** The lines that a step writes before the next one begins. Empty: it only waits, and only a hang is told. */
function linesOf(step: Step): { lane: string; op: string; ends: readonly string[] } | undefined {
  if ('call' in step) return { lane: step.as ?? 'main', op: step.call, ends: ['result', 'error'] };
  if ('start' in step) return { lane: step.as, op: step.start, ends: [] };
  if ('close' in step) return { lane: 'main', op: `${step.close}.close`, ends: ['result', 'error'] };
  return undefined;
}

/** What the driver of a scenario still owes after the lines that it has written. */
export class OwedLine {
  readonly #steps: readonly Step[];
  readonly #deadlineMs: number;
  readonly #patience: Patience;
  readonly #lines: Line[] = [];
  #owed: Owed | undefined;

  constructor({ steps, deadlineMs }: Pick<Scenario, 'steps' | 'deadlineMs'>, given: Patience = patience) {
    this.#steps = steps;
    this.#deadlineMs = deadlineMs ?? given.stepMs;
    this.#patience = given;
  }

  take({ ch, ...line }: ObservationBody): void {
    const { lane, op } = line as Line;
    // Of a stream there may be thousands, and they end no step.
    if (ch === 'event' || ch === 'request') return;
    this.#owed = undefined;
    this.#lines.push({ ch, ...(lane !== undefined && { lane }), ...(op !== undefined && { op }) });
  }

  get owed(): Owed {
    this.#owed ??= this.#find();
    return this.#owed;
  }

  #find(): Owed {
    const { closingMs, openingMs, graceMs } = this.#patience;
    const done = { line: '"done"', withinMs: closingMs + graceMs };
    if (this.#lines.some(({ ch }) => ch === 'hang')) return { ...done, line: '"done" after its "hang"' };
    if (this.#lines.some(({ ch, op }) => ch === 'error' && op === 'Codex'))
      return { ...done, line: '"done" after the error of "Codex"' };
    const { step, begun, waits } = this.#reached();
    const index = this.#steps.indexOf(step as Step);
    const writes = step && linesOf(step);
    const opening = this.#lines.length === 0;
    const deadline = opening ? Math.max(this.#deadlineMs, openingMs) : this.#deadlineMs;
    const withinMs = Math.max(1, waits) * deadline + graceMs;
    if (writes === undefined)
      return waits === 0 ? done : { line: `"done", or a "hang"`, withinMs: withinMs + closingMs };
    const { lane, op, ends } = writes;
    const where = `of ${op} on lane ${lane} (step ${index})`;
    if (begun) return { line: `${ends.map((ch) => `"${ch}"`).join(' or ')} ${where}, or a "hang"`, withinMs };
    const otherwise = opening ? ', or an "error" of Codex on lane main' : waits > 0 ? ', or a "hang"' : '';
    return { line: `"call" ${where}${otherwise}`, withinMs };
  }

  /** The step whose line is the next one, whether it has begun, and how many steps before it only wait. */
  #reached(): { step: Step | undefined; begun: boolean; waits: number } {
    const left = [...this.#lines];
    const take = (lane: string, op: string, channels: readonly string[]) => {
      const at = left.findIndex((line) => line.lane === lane && line.op === op && channels.includes(line.ch));
      return at === -1 ? undefined : left.splice(at, 1)[0];
    };
    const unbound = new Set<string>();
    const seen = this.#steps.map((step) => {
      const writes = linesOf(step);
      if (writes === undefined) return { step, skipped: false, called: false, ended: true };
      const called = take(writes.lane, writes.op, ['call']) !== undefined;
      const end = called && writes.ends.length > 0 ? take(writes.lane, writes.op, writes.ends) : undefined;
      if ('as' in step && step.as !== undefined && end?.ch === 'error') unbound.add(step.as);
      const skipped = !called && unbound.has(writes.op.slice(0, writes.op.indexOf('.')));
      if (skipped && 'as' in step && step.as !== undefined) unbound.add(step.as);
      return { step, skipped, called, ended: writes.ends.length === 0 || end !== undefined };
    });
    const last = seen.findLastIndex(({ called }) => called);
    const current = seen[last];
    if (current !== undefined && !current.ended) return { step: current.step, begun: true, waits: 0 };
    const after = seen.slice(last + 1);
    const next = after.findIndex(({ step, skipped }) => linesOf(step) !== undefined && !skipped);
    const before = next === -1 ? after : after.slice(0, next);
    const waits = before.filter(({ step }) => linesOf(step) === undefined && !('drop' in step)).length;
    return { step: after[next]?.step, begun: false, waits };
  }
}
