import { lineSplitter } from '../../../../testing/engine/tee-log.mjs';
import type { WireRecord } from '../../../../testing/engine/wire-log.ts';
import { isObject, type JsonObject } from '../../../../testing/json/json.ts';
import { readJson } from '../../../../testing/json/read-json.ts';
import { writeJson } from '../../../../testing/json/write-json.ts';
import { parseBody } from '../../../../testing/model/model-request.ts';
import { parseDriverMessage } from '../../../driver/parse-message.ts';
import { wireObservation } from '../../../engine/wire-log.ts';
import type { ObservationLine } from '../../../observation/types.ts';

/**
 * A line of an observation as its writer wrote it, and the reader that a run has for it:
 * - `wire`: bytes of the engine or the client, as they pass through the tee
 * - `driver`: a line of the driver protocol
 * - `model`: the body of a request to the model
 * - `harness`: what no engine and no client wrote (arguments, files, marks), a record of the harness itself
 */
export interface RawLine {
  writer: 'wire' | 'driver' | 'model' | 'harness';
  bytes: Buffer;
  /** Whether the bytes are JSON; otherwise a text, such as half a line. */
  json: boolean;
  /** Where in the observation's line a value of the JSON is; undefined for one that is no part of it. */
  placeOf(path: readonly string[]): readonly string[] | undefined;
  /**
   * Reads other bytes in place of these.
   * @param ended whether the line ended with its newline
   * @throws what the run's reader throws: then the cell could not run, or the model refuses
   */
  read(bytes: Buffer, ended: boolean): ObservationLine[];
}

/** The channels whose lines a driver writes. What else is in an observation comes from the wire, the model or the harness. */
const ofDriver: ReadonlySet<string> = new Set([
  'call',
  'result',
  'error',
  'event',
  'request',
  'end',
  'hang',
  'telemetry',
]);

/** What was written for a line. A wire line and a model request also have members of the harness's own, such as `run`. */
export function rawLinesOf(line: ObservationLine): RawLine[] {
  const { t, ch, ...rest } = line;
  if (ofDriver.has(ch)) return [driverLine(line)];
  if (line.ch === 'wire.in' || line.ch === 'wire.out') {
    const { msg, raw, ...own } = rest as JsonObject;
    const written = line.msg === undefined ? textLine(line, line.raw ?? '') : messageLine(line);
    return [written, ...(Object.keys(own).length > 0 ? [harnessLine(line, own)] : [])];
  }
  if (line.ch === 'model.request') {
    const { body, ...own } = rest as JsonObject;
    return [...(isObject(body) ? [modelLine(line, body)] : []), harnessLine(line, own)];
  }
  return [harnessLine(line, rest as JsonObject)];
}

function messageLine(line: ObservationLine & { ch: 'wire.in' | 'wire.out' }): RawLine {
  const bytes = Buffer.from(writeJson(line.msg));
  return { writer: 'wire', bytes, json: true, placeOf: (path) => ['msg', ...path], read: wireReader(line) };
}

/** What was no message. The input of a run of `exec` is a text, and its newline is part of it. */
function textLine(line: ObservationLine & { ch: 'wire.in' | 'wire.out' }, raw: string): RawLine {
  const isPrompt = line.ch === 'wire.out' && line.run !== undefined;
  const read = isPrompt
    ? (bytes: Buffer) => [{ ...line, raw: bytes.toString('utf8') } as ObservationLine]
    : wireReader(line);
  return { writer: 'wire', bytes: Buffer.from(raw), json: false, placeOf: () => ['raw'], read };
}

function wireReader({ t, ch, run, ...rest }: ObservationLine & { ch: 'wire.in' | 'wire.out' }): RawLine['read'] {
  const wrong = 'wrong' in rest && rest.wrong === true && { wrong: true as const };
  return (bytes, ended) => {
    const records: WireRecord[] = [];
    const lines = lineSplitter((at, line, partial) =>
      records.push({
        ...{ t: at, pid: 1, ch: ch === 'wire.in' ? 'in' : 'out' },
        ...(partial && { partial }),
        ...wrong,
        ...line,
      } as WireRecord),
    );
    lines.push(t, ended ? Buffer.concat([bytes, Buffer.from('\n')]) : bytes);
    lines.end();
    return wireObservation(records).map((line) => (run === undefined ? line : { ...line, run }) as ObservationLine);
  };
}

function driverLine({ t, ...line }: ObservationLine): RawLine {
  return {
    writer: 'driver',
    bytes: Buffer.from(writeJson({ type: 'line', run: 'run', t, line })),
    json: true,
    placeOf: ([first, ...path]) => (first === 'line' && path.length > 0 && path[0] !== 'ch' ? path : undefined),
    read: (bytes) => {
      const said = parseDriverMessage(bytes.toString('utf8'));
      return said.type === 'line' ? [{ ...said.line, t: said.t } as ObservationLine] : [];
    },
  };
}

function modelLine(line: ObservationLine & { ch: 'model.request' }, body: JsonObject): RawLine {
  return {
    writer: 'model',
    bytes: Buffer.from(writeJson(body)),
    json: true,
    placeOf: (path) => ['body', ...path],
    read: (bytes) => [{ ...line, body: parseBody(bytes, 'identity') }],
  };
}

function harnessLine(line: ObservationLine, own: JsonObject): RawLine {
  return {
    writer: 'harness',
    bytes: Buffer.from(writeJson(own)),
    json: true,
    placeOf: (path) => path,
    read: (bytes) => [{ ...withoutOwn(line, own), ...(readJson(bytes.toString('utf8')) as object) } as ObservationLine],
  };
}

const withoutOwn = (line: ObservationLine, own: JsonObject): object =>
  Object.fromEntries(Object.entries(line).filter(([key]) => !Object.hasOwn(own, key)));
