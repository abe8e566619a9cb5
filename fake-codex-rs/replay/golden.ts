import { readFileSync } from 'node:fs';
import { FakeError } from '../fake-error.ts';
import { isObject, type JsonObject, type JsonValue, shown } from '../json.ts';

/** One line of a golden. */
export interface GoldenLine {
  /** Its place in the file, from 1; the header is line 1. */
  number: number;
  lane: string;
  ch: string;
  key: string;
  body: JsonObject;
}

const again = 'record it again with `npm run record`';

/** @throws FakeError when the file is not there or is no golden. */
export function readGolden(file: string): GoldenLine[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const seen = absent ? 'does not exist' : `cannot be read (${(cause as Error).message})`;
    throw new FakeError(`fake-codex-rs: the golden ${file} ${seen}; ${again}`, { cause });
  }
  return parseGolden(text, file);
}

export function parseGolden(text: string, file: string): GoldenLine[] {
  const rows = text.split('\n');
  if (rows.pop() !== '') throw broken(file, rows.length + 1, 'is cut: it has no end');
  return rows.flatMap((row, index): GoldenLine[] => {
    const number = index + 1;
    let value: JsonValue;
    try {
      value = JSON.parse(row);
    } catch (cause) {
      throw broken(file, number, 'is not JSON', cause);
    }
    if (number === 1) {
      if (isObject(value) && value.kind === 'golden' && value.schemaVersion === 1) return [];
      throw broken(file, 1, `is ${shown(value)}, wanted a header of kind "golden" with schemaVersion 1`);
    }
    const { lane, ch, key, body } = isObject(value) ? value : {};
    if (typeof lane !== 'string' || typeof ch !== 'string' || typeof key !== 'string' || !isObject(body)) {
      throw broken(file, number, `is ${shown(value)}, wanted lane, ch, key and body`);
    }
    return [{ number, lane, ch, key, body }];
  });
}

function broken(file: string, number: number, seen: string, cause?: unknown): FakeError {
  return new FakeError(`fake-codex-rs: the golden ${file} is broken: line ${number} ${seen}; ${again}`, { cause });
}
