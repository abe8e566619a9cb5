import { readFileSync } from 'node:fs';
import { isObject, type JsonObject, type JsonValue, readJson, shown } from '../exact-json.ts';
import { type FakeError, unexpected } from '../fake-error.ts';

/** One line of a golden. */
export interface GoldenLine {
  /** Its line number in the file; the header is line 1. */
  number: number;
  lane: string;
  ch: string;
  key: string;
  body: JsonObject;
}

/** @throws FakeError if the file does not exist or is not a golden */
export function readGolden(file: string): GoldenLine[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw broken(file, 'a golden', absent ? 'no such file' : (cause as Error).message, cause);
  }
  return parseGolden(text, file);
}

export function parseGolden(text: string, file: string): GoldenLine[] {
  const rows = text.split('\n');
  if (rows.pop() !== '') throw broken(file, 'a newline at its end', `a file cut in line ${rows.length + 1}`);
  return rows.flatMap((row, index): GoldenLine[] => {
    const number = index + 1;
    let value: JsonValue;
    try {
      value = readJson(row) as JsonValue;
    } catch (cause) {
      throw broken(file, `JSON in line ${number}`, shown(row), cause);
    }
    if (number === 1) {
      if (isObject(value) && value.kind === 'golden' && value.schemaVersion === 1) return [];
      throw broken(file, 'a header of kind "golden" with schemaVersion 1 in line 1', shown(value));
    }
    const { lane, ch, key, body } = isObject(value) ? value : {};
    if (typeof lane !== 'string' || typeof ch !== 'string' || typeof key !== 'string' || !isObject(body)) {
      throw broken(file, `lane, ch, key and body in line ${number}`, shown(value));
    }
    return [{ number, lane, ch, key, body }];
  });
}

function broken(file: string, expected: string, got: string, cause?: unknown): FakeError {
  const advice = 'Record it again with `npm run record`';
  return unexpected(`reading the golden ${file}`, expected, got, { advice, cause });
}
