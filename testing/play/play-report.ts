import { expectedGot } from '../../native/expected-got.mjs';
import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { isPlayedStart, lineOf, textOf, type WireRecord } from '../engine/wire-log.ts';
import type { JsonValue } from '../json/json.ts';
import { writeJson } from '../json/write-json.ts';
import { escapeRegExp } from '../text.ts';

/** A place where a client's message differs from the script or recording, although it matched. */
export interface PlayDifference {
  /** What the message is, such as `turn/start`. */
  message: string;
  /** Line of the recording. */
  line: number;
  /** JSON pointer into the message. */
  path: string;
  /** What the recording has there; undefined for nothing. */
  expected: JsonValue | undefined;
  /** What the client sent; undefined for nothing. */
  got: JsonValue | undefined;
}

/** What happened between a client and a fake engine. */
export interface PlayReport {
  /** How often `app-server` or `exec` was started. */
  starts: number;
  /** The client's messages, in order. A line that was not JSON is its text. */
  sent: JsonValue[];
  /** The engine's messages, in order. */
  said: JsonValue[];
  differences: PlayDifference[];
}

/**
 * The client did not do what the script or recording expects. `problems` has one sentence for each problem; `message`
 * has all of them.
 */
export class PlayError extends Error {
  override readonly name = 'PlayError';
  readonly problems: readonly string[];
  readonly report: PlayReport;

  constructor(what: string, problems: readonly string[], report: PlayReport) {
    super(`${what} and the client do not agree:${problems.map((one) => `\n- ${one}`).join('')}`);
    this.problems = problems;
    this.report = report;
  }
}

/** Reads a fake engine's wire log. */
export function readPlay(records: readonly WireRecord[]): { report: PlayReport; problems: string[] } {
  const report: PlayReport = { starts: 0, sent: [], said: [], differences: [] };
  const problems: string[] = [];
  // The lines of a start for `--version` are not messages.
  const servers = new Set<number | null>();
  for (const record of records) {
    if (record.ch === 'spawn' && isPlayedStart(record.argv)) {
      report.starts += 1;
      servers.add(record.pid);
    } else if (record.ch === 'mark') {
      if (record.mark.endsWith(' miss') || record.mark === 'fake engine failed')
        problems.push(sentence(record.detail, record.mark));
    } else if (record.ch === 'replay') {
      const { message, line, path, golden, client } = record;
      // What was removed from a recording cannot come back.
      if (typeof golden === 'string' && golden.includes('<redacted') && mayBe(golden, client)) continue;
      report.differences.push({ message, line, path, expected: golden, got: client });
    } else if ((record.ch === 'out' || record.ch === 'in') && servers.has(record.pid)) {
      const said = lineOf(textOf(record), record.partial);
      report[record.ch === 'out' ? 'sent' : 'said'].push('msg' in said ? said.msg : said.raw);
    }
  }
  return { report, problems };
}

/** Whether a client's text may be the recorded one before its private parts were removed. */
function mayBe(recorded: string, client: JsonValue | undefined): boolean {
  if (typeof client !== 'string') return false;
  const parts = recorded.split(/<[\w.-]+(?::[^<>]*)?>/).map(escapeRegExp);
  return new RegExp(`^${parts.join('.*')}$`, 's').test(client);
}

function sentence(detail: JsonValue | undefined, mark: string): string {
  if (typeof detail === 'string') return detail;
  const text = typeof detail === 'object' && detail !== null && 'text' in detail ? detail.text : undefined;
  return typeof text === 'string' ? text : mark;
}

/** Describes a difference in one sentence. */
export function differenceText({ message, line, path, expected, got }: PlayDifference): string {
  const [recorded, sent] = [expected, got].map((value) => (value === undefined ? 'nothing' : writeJson(value)));
  return expectedGot(`replaying ${message}`, `${recorded} at ${path} (line ${line} of the recording)`, String(sent));
}

oneClassInAllCopies({ PlayError });
