import { lineOf, textOf, type WireRecord } from '../../testing/engine/wire-log.ts';
import type { ObservationLine } from '../observation/types.ts';

export { type EngineStart, engineStarts, readWireLog, type WireRecord } from '../../testing/engine/wire-log.ts';

/** The observation's lines of a wire log, in its order. */
export function wireObservation(records: readonly WireRecord[]): ObservationLine[] {
  return records.flatMap((record): ObservationLine[] => {
    const { t } = record;
    switch (record.ch) {
      case 'spawn':
        return [
          { t, ch: 'argv', argv: record.argv },
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
        // Evidence alone, on the channel that is not compared: the compare of `wire.out` finds the same difference, once.
        const { message, line, path, golden, client } = record;
        const sides = [golden, client].map((side) => (side === undefined ? 'nothing' : JSON.stringify(side)));
        const text = `replay: ${message} ${path}: golden ${sides[0]} (line ${line}), client ${sides[1]}`;
        return [{ t, ch: 'stderr', text }];
      }
      default:
        return record.ch === 'out'
          ? [{ t, ch: 'wire.out', ...lineOf(textOf(record), record.partial) }]
          : [{ t, ch: 'wire.in', ...lineOf(textOf(record), record.partial), ...(record.wrong && { wrong: true }) }];
    }
  });
}
