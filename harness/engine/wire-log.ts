import { appendFile } from 'node:fs/promises';
import { processAlive } from '../../testing/engine/process-alive.ts';
import {
  type EngineStart,
  engineStarts,
  lineOf,
  readWireLog,
  textOf,
  type WireRecord,
} from '../../testing/engine/wire-log.ts';
import type { JsonValue } from '../../testing/json/json.ts';
import { readJson, replacedMembers } from '../../testing/json/read-json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import type { ObservationLine } from '../observation/types.ts';

export { type EngineStart, engineStarts, readWireLog, type WireRecord };

type Wire = WireRecord & { ch: 'in' | 'out' | 'stderr' };

/**
 * The observation's lines of a wire log, in its order. Runs of `exec` and logins are numbered in the order of their
 * starts, because several may run at once. Of a start that only asks for the help, the question counts: the answer is for people.
 */
export function wireObservation(records: readonly WireRecord[]): ObservationLine[] {
  const runs = new Map<number | null, number>();
  const helpful = new Set<number | null>();
  let count = 0;
  return records.flatMap((record): ObservationLine[] => {
    if (record.ch === 'spawn') {
      helpful.delete(record.pid);
      if (record.argv.at(-1) === '--help') {
        helpful.add(record.pid);
        return linesOf(record).slice(0, 1);
      }
      // Process ids are reused: the latest start has it.
      if (record.argv.slice(1).some((word) => word === 'exec' || word === 'login')) runs.set(record.pid, ++count);
      else runs.delete(record.pid);
    }
    if (helpful.has(record.pid)) return [];
    const number = runs.get(record.pid);
    return number === undefined ? linesOf(record) : linesOf(record).flatMap((line) => runLines(line, record, number));
  });
}

function linesOf(record: WireRecord): ObservationLine[] {
  const { t } = record;
  switch (record.ch) {
    case 'spawn':
      return [
        {
          t,
          ch: 'argv',
          argv: record.argv,
          ...(record.schema !== undefined && { outputSchema: parsed(record.schema) }),
        },
        { t, ch: 'env', env: record.env },
      ];
    case 'exit': {
      const exit: ObservationLine = { t, ch: 'exit', code: record.code, signal: record.signal };
      return record.error === undefined
        ? [exit]
        : [{ t, ch: 'mark', mark: 'engine not started', detail: record.error }, exit];
    }
    case 'stderr':
      return [{ t, ch: 'stderr', text: textOf(record) }];
    case 'mark': {
      const { mark, detail } = record;
      return [{ t, ch: 'mark', mark, ...(detail === undefined ? {} : { detail }) }];
    }
    case 'replay': {
      // Evidence only, on a channel that is not compared: comparing `wire.out` finds the same difference, once.
      const { message, line, path, golden, client } = record;
      const sides = [golden, client].map((side) => (side === undefined ? 'nothing' : writeJson(side)));
      const text = `replay: ${message} ${path}: golden ${sides[0]} (line ${line}), client ${sides[1]}`;
      return [{ t, ch: 'stderr', text }];
    }
    default:
      return record.ch === 'out'
        ? [{ t, ch: 'wire.out', ...messageOf(record) }]
        : [{ t, ch: 'wire.in', ...messageOf(record), ...(record.wrong && { wrong: true }) }];
  }
}

/** What a line of the wire says, with what its message alone does not show. */
function messageOf(record: Wire): Pick<ObservationLine & { ch: 'wire.in' }, 'msg' | 'raw' | 'doubled'> {
  const text = textOf(record);
  const line = lineOf(text, record.partial);
  if (!('msg' in line)) return line;
  const doubled = replacedMembers(text, line.msg);
  return doubled === undefined ? line : { ...line, doubled };
}

/**
 * Lines of a run of `exec`: its input is a text and not messages, and the last line may lack a newline; its stderr is
 * split into lines.
 */
function runLines(line: ObservationLine, record: WireRecord, run: number): ObservationLine[] {
  if (line.ch === 'mark' || record.ch === 'replay') return [line];
  if (line.ch === 'stderr') {
    const texts = line.text.replace(/\n$/, '').split('\n');
    return texts.map((text) => ({ t: line.t, ch: 'stderr', text, run }));
  }
  if (line.ch !== 'wire.out') return [{ ...line, run } as ObservationLine];
  const { partial } = record as Wire;
  return [{ t: line.t, ch: 'wire.out', raw: `${textOf(record as Wire)}${partial ? '' : '\n'}`, run }];
}

function parsed(text: string): JsonValue {
  try {
    const value = readJson(text);
    return replacedMembers(text, value) === undefined ? value : text;
  } catch {
    return text;
  }
}

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

/** The machine's monotonic clock in nanoseconds, which every process of a run reads (see ObservationLine). */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}
