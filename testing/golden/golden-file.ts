import { expectedGot } from '../../native/expected-got.mjs';
import { isPlayedStart } from '../engine/wire-log.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { readJson } from '../json/read-json.ts';
import { writeJson } from '../json/write-json.ts';

/** The first line of a golden or recording. */
export interface GoldenHeader {
  kind: 'golden';
  schemaVersion: 1;
  scenario: string;
  client: string;
  engineVersion: string;
}

/** Any other line: where its order matters, its channel, what it is about, its content (docs/golden-format.md). */
export interface GoldenLine {
  lane: string;
  ch: string;
  key: string;
  body: JsonObject;
}

/** A golden, or a recording of `record()`; both have the same format. */
export interface GoldenFile {
  header: GoldenHeader;
  lines: GoldenLine[];
}

/** The file is not a golden. The message names the file and the line. */
export class GoldenError extends Error {
  override readonly name = 'GoldenError';
}

/**
 * Parses the text of a golden or recording. This is the only reader outside the fake engine, which shares no code.
 * @param file name of the file in errors
 * @param advice what to do about a broken file
 * @throws GoldenError
 */
export function parseGoldenFile(text: string, file: string, advice = 'Record it again'): GoldenFile {
  const fail = (line: number, expected: string, got: string, cause?: unknown) =>
    new GoldenError(expectedGot(`reading ${file}:${line}`, expected, got, advice), { cause });
  const rows = text.split('\n');
  if (rows.pop() !== '')
    throw fail(rows.length + 1, 'a newline at the end of the last line', 'a file that is cut there');
  const [header, ...lines] = rows.map((row, index): JsonValue => {
    try {
      return readJson(row);
    } catch (cause) {
      throw fail(index + 1, 'JSON', shown(row), cause);
    }
  });
  if (!isObject(header) || header.kind !== 'golden' || header.schemaVersion !== 1)
    throw fail(1, 'a header of kind "golden" with schemaVersion 1', shown(rows[0]));
  for (const [index, line] of lines.entries()) {
    const { lane, ch, key, body } = isObject(line) ? line : {};
    if ([lane, ch, key].some((member) => typeof member !== 'string') || !isObject(body))
      throw fail(index + 2, 'lane, ch, key and body', shown(rows[index + 1]));
  }
  return { header: header as unknown as GoldenHeader, lines: lines as unknown as GoldenLine[] };
}

/** The text of a golden or recording: one JSON value per line. */
export function formatGoldenFile({ header, lines }: { header: object; lines: readonly object[] }): string {
  return [header, ...lines].map((line) => `${writeJson(line)}\n`).join('');
}

/** How often a golden's client starts an engine that is played: a server, or a run of `exec`. */
export function playedStarts(lines: readonly GoldenLine[]): number {
  return lines.filter(
    ({ ch, body }) => ch === 'argv' && Array.isArray(body.argv) && isPlayedStart(body.argv.map(String)),
  ).length;
}

const shown = (row = ''): string => (row.length > 120 ? `${row.slice(0, 120)}…` : row || 'an empty line');
