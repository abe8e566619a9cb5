import { stat, statfs } from 'node:fs/promises';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { engineStarts, nowNs, type WireRecord } from './wire-log.ts';

/** What is known of a cell once it has ended. */
export interface EndedCell {
  scenario: Scenario;
  /** The cell's own folder. */
  root: string;
  /** What engine, model and latches showed, and what the client told. */
  lines: readonly ObservationLine[];
  /** The wire log as its writers left it, without the exits that were added for those that were killed. */
  records: readonly WireRecord[];
  /** When the cell was opened: nanoseconds on the clock of the records. */
  openedAt: number;
  /** When the client was closed, likewise. */
  closedAt: number;
}

/** Clients give an engine two seconds to end before they kill it. One that kills sooner shows that by its exit. */
const patienceNs = 1.5e9;
/** With less than this, the engine, the tee or the fake has probably lost something that it had to write. */
const leastBytes = 64 * 1024;
const fullDisk = /No space left on device|ENOSPC|os error 28\b|database or disk is full/;

/**
 * What the machine did wrong in a cell, each with its cause; empty if nothing. Such a cell says nothing about client,
 * fake or engine: it could not be run.
 */
export async function machineFaults(cell: EndedCell, disk = diskOf): Promise<string[]> {
  return [...notStarted(cell), ...slowEnds(cell), ...(await diskFaults(cell, disk))];
}

/** An engine that the system did not start: no memory, no processes left, a program that cannot be executed. */
function notStarted({ lines }: EndedCell): string[] {
  return lines.flatMap((line) =>
    line.ch === 'mark' && line.mark === 'engine not started' ? [`the engine was not started: ${line.detail}`] : [],
  );
}

/**
 * Servers that their client killed because they took too long to end. A script that ignores the end on purpose is
 * meant to be killed, and so is a run of `exec` whose turn is aborted.
 */
export function slowEnds({ scenario, lines, records, closedAt }: Omit<EndedCell, 'root' | 'openedAt'>): string[] {
  if (JSON.stringify(scenario.script ?? []).includes('"hang":"for-ever"')) return [];
  // Kills of the scenario itself, one for each end.
  let meant = lines.filter((line) => line.ch === 'mark' && line.mark === 'killed SIGKILL').length;
  const spawns = records.flatMap((record) => (record.ch === 'spawn' ? [record] : []));
  return engineStarts(records).flatMap(({ pid, exited }, start) => {
    if (exited || pid === null || !spawns[start]?.argv.slice(1).includes('app-server')) return [];
    if (lines.some((line) => line.ch === 'rest' && 'processes' in line)) return [];
    if (meant > 0) {
      meant -= 1;
      return [];
    }
    const last = Math.max(...records.flatMap((record) => (record.pid === pid ? [record.t] : [])));
    const waited = closedAt - last;
    if (waited < patienceNs) return [];
    return [
      `the engine took longer to end than its client waits, and was killed: nothing came for ${(waited / 1e9).toFixed(1)} s`,
    ];
  });
}

/** When a cell last found the disk full, by device: a cell beside it makes room by ending, and would not find it so. */
const fullAt = new Map<number, number>();

async function diskFaults({ scenario, root, lines, openedAt }: EndedCell, disk: typeof diskOf): Promise<string[]> {
  const { device, free } = await disk(root);
  // A scenario may speak of a full disk itself.
  const mayBeSaid = fullDisk.test(JSON.stringify(scenario));
  const found =
    free < leastBytes
      ? `the disk of the cell is full: ${free} bytes are free in ${root}`
      : mayBeSaid
        ? undefined
        : fullBy(lines);
  if (found !== undefined) {
    fullAt.set(device, nowNs());
    return [found];
  }
  if ((fullAt.get(device) ?? Number.NEGATIVE_INFINITY) < openedAt) return [];
  return ['the disk was full for a while: a cell that ran at the same time found it so'];
}

function fullBy(lines: readonly ObservationLine[]): string | undefined {
  for (const line of lines) {
    const said = fullDisk.exec(JSON.stringify(line));
    if (said !== null) return `the disk was full: a line of ${line.ch} says ${said[0]}`;
  }
  return undefined;
}

async function diskOf(root: string): Promise<{ device: number; free: number }> {
  const [{ dev }, { bavail, bsize }] = await Promise.all([stat(root), statfs(root)]);
  return { device: dev, free: bavail * bsize };
}
