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
