import { rm } from 'node:fs/promises';
import type { CellPlan } from '../cell/types.ts';
import type { DriverProcess, RunOutcome } from '../driver/driver-process.ts';
import { runMessage } from '../engine/cell.ts';
import type { RunningCell } from '../engine/types.ts';
import { holds } from '../judging/holds.ts';
import { mergeLines, writeObservation } from '../observation/observation-file.ts';
import { observationRedactor } from '../observation/redact-observation.ts';
import type { Observation, ObservationLine } from '../observation/types.ts';
import { withAwaited } from '../scenario/awaited.ts';
import { deadlineOf } from './deadline.ts';

/** The driver or the harness failed: the cell says nothing about the client. */
export class CouldNotRunError extends Error {
  override readonly name = 'CouldNotRunError';
  /**
   * The driver died or failed while it performed the scenario, so the client may have caused it; otherwise it never got
   * that far.
   */
  readonly began: boolean;

  constructor(message: string, { began = false, cause }: { began?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.began = began;
  }
}

export interface RunCellOptions {
  plan: CellPlan;
  driver: DriverProcess;
  /** Opens the cell's engine, model and folders. */
  open(): Promise<RunningCell>;
  engine: { version: string; sha256: string };
  /** Hears how the driver's run ended. */
  onEnd?(end: RunOutcome): void;
  /** Where the raw observation goes. */
  rawFile: string;
  /** Secrets of the machine, which must not leave the run. */
  secrets: readonly string[];
  signal?: AbortSignal;
}

/**
 * Runs one cell: opens it, lets the driver perform the scenario, ends everything, and writes the raw observation.
 * Throws CouldNotRunError if the driver or the harness failed; what was seen until then is written anyway. Nothing that
 * it returns, writes or reports contains a secret.
 */
export async function runCell({
  plan,
  driver,
  open,
  onEnd,
  engine,
  rawFile,
  secrets,
  signal,
}: RunCellOptions): Promise<Observation> {
  const { file: _file, idLine: _idLine, stepLines: _lines, expandedFrom: _from, ...scenario } = plan.scenario;
  const redactor = observationRedactor(scenario, secrets);
  let cell: RunningCell;
  try {
    cell = await open();
  } catch (cause) {
    throw new CouldNotRunError(
      redactor.text(`cannot open the ${plan.engine} engine's cell for ${scenario.id}: ${(cause as Error).message}`),
      { cause: redactor.cause(cause) },
    );
  }
  const seen: ObservationLine[] = [];
  try {
    const hello = await driver.start();
    const unhurried = { ...scenario, deadlineMs: deadlineOf(scenario) };
    const message = runMessage(cell, unhurried, `${scenario.id}#${plan.round}`);
    const end = await driver.run(message, (line) => void seen.push(line), signal === undefined ? {} : { signal });
    onEnd?.(end);
    const { lines: wire, machine } = await cell.finish(seen);
    const observation = redactor.observation({
      header: {
        kind: 'observation',
        schemaVersion: 1,
        scenario: scenario.id,
        client: plan.client,
        clientVersion: hello.clientVersion,
        ...(hello.clientInfo && { clientInfo: hello.clientInfo }),
        engine: plan.engine,
        engineVersion: engine.version,
        engineSha256: engine.sha256,
        platform: `${process.platform}-${process.arch}`,
        paths: cell.paths,
        ...(end.notes.length > 0 && { notes: end.notes }),
      },
      lines: mergeLines(withAwaited(seen, scenario), wire),
    });
    await writeObservation(rawFile, observation);
    if (holds('driver-not-done', end.outcome !== 'done')) {
      const tail = end.stderrTail === '' ? '' : `; the end of its stderr:\n${end.stderrTail}`;
      throw new CouldNotRunError(redactor.text(`${end.message ?? `the driver ${plan.client} ${end.outcome}`}${tail}`), {
        began: true,
      });
    }
    if (holds('machine-at-fault', machine.length > 0)) {
      throw new CouldNotRunError(
        redactor.text(`${scenario.id} with ${plan.client} on the ${plan.engine} engine: ${machine.join('; ')}`),
        { began: true },
      );
    }
    return observation;
  } catch (cause) {
    if (cause instanceof CouldNotRunError) throw cause;
    throw new CouldNotRunError(
      redactor.text(`${scenario.id} with ${plan.client} on the ${plan.engine} engine: ${(cause as Error).message}`),
      { cause: redactor.cause(cause) },
    );
  } finally {
    await cell.dispose();
    await rm(cell.paths.root, { recursive: true, force: true });
  }
}
