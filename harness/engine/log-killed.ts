import { appendFile } from 'node:fs/promises';
import { processAlive } from '../../testing/engine/process-alive.ts';
import type { ObservationLine } from '../observation/types.ts';
import { nowNs } from './clock.ts';
import { engineStarts, readWireLog, type WireRecord } from './wire-log.ts';

/**
 * Adds the exits that the log's writer could not write. An end without an exit can only have been SIGKILL: of the fake
 * itself, or of the tee, whose engine is then killed too. If the harness killed it, the exit comes right after the
 * harness's mark.
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
    // One that is still running has been left behind: the end of the cell reports it, and there was no exit.
    if (exited || pid === null || processAlive(pid) || !isOne(argvs[start] ?? [])) return [];
    return [{ t: kills.shift()?.t ?? nowNs(), ch: 'exit', pid, code: null, signal: 'SIGKILL' }];
  });
  await appendFile(wireLog, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
