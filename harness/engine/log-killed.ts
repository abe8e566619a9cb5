import { appendFile } from 'node:fs/promises';
import { processAlive } from '../../testing/engine/process-alive.ts';
import type { ObservationLine } from '../observation/types.ts';
import { nowNs } from './clock.ts';
import { engineStarts, readWireLog, type WireRecord } from './wire-log.ts';

/**
 * Writes down the exits that the log's writer could not: an end without a word can only have been SIGKILL, of the fake itself or of the tee whose engine
 * is then killed too. Where the harness killed, it happened right after the harness said so.
 * @param isOne judges the engine's arguments; by default every start counts
 */
export async function logKilled(
  wireLog: string,
  seen: readonly ObservationLine[],
  isOne: (argv: readonly string[]) => boolean = () => true,
): Promise<void> {
  const kills = seen.filter((line) => line.ch === 'mark' && line.mark === 'killed SIGKILL');
  const log = readWireLog(wireLog);
  const argvs = log.flatMap((record) => (record.ch === 'spawn' ? [record.argv] : []));
  const records = engineStarts(log).flatMap(({ pid, exited }, start): WireRecord[] => {
    // One that still runs is left over: the cell's end says so, and there was no exit.
    if (exited || pid === null || processAlive(pid) || !isOne(argvs[start] ?? [])) return [];
    return [{ t: kills.shift()?.t ?? nowNs(), ch: 'exit', pid, code: null, signal: 'SIGKILL' }];
  });
  await appendFile(wireLog, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
