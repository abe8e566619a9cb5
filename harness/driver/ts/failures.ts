/** This driver cannot perform the scenario: reported as `failed`, never as an observation. */
export class DriverFailure extends Error {
  override readonly name = 'DriverFailure';
}

/** A step reached its deadline, or can never end: observed as `hang`, and the run ends. */
export class StepHang extends Error {
  override readonly name = 'StepHang';
  readonly lane: string;
  readonly op: string;
  /** Index of the step; -1 for opening the client. */
  readonly step: number;

  constructor(lane: string, op: string, step: number) {
    super(`step ${step} (${op}) is not over`);
    this.lane = lane;
    this.op = op;
    this.step = step;
  }
}

/** A deadline passed before what was waited for, or it can never come. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}

/**
 * Awaits `promise`, or throws DeadlineReached after `ms`. The promise itself continues, and its rejection counts as
 * handled.
 */
export async function before<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineReached(`not over after ${ms} ms`)), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
