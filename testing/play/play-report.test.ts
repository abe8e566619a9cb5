import { expect, test } from 'vitest';
import { engineStarts, type WireRecord } from '../engine/wire-log.ts';
import { differenceText, readPlay } from './play-report.ts';

const spawn = (pid: number | null, ...argv: string[]): WireRecord => ({
  t: 0,
  ch: 'spawn',
  pid,
  argv: ['codex', ...argv],
  env: {},
});
const line = (ch: 'in' | 'out', pid: number, text: string): WireRecord => ({ t: 0, ch, pid, text });
const mark = (name: string, detail?: unknown): WireRecord =>
  ({ t: 0, ch: 'mark', pid: 1, mark: name, ...(detail !== undefined && { detail }) }) as WireRecord;
const replayed = (golden: unknown, client: unknown): WireRecord =>
  ({ t: 0, ch: 'replay', pid: 1, message: 'turn/start', line: 7, path: '/input', golden, client }) as WireRecord;

test('messages of servers and runs are told, those of a question for the version are not; a line that is no JSON is its text', () => {
  const { report } = readPlay([
    spawn(1, 'app-server'),
    line('out', 1, '{"id":1}'),
    line('in', 1, 'oops'),
    spawn(2, '--version'),
    line('in', 2, '{"id":2}'),
  ]);
  expect(report).toEqual({ starts: 1, sent: [{ id: 1 }], said: ['oops'], differences: [] });
});

test.each([
  [mark('script miss', 'The client sent nothing.'), ['The client sent nothing.']],
  [mark('script miss', { text: 'It sent another.' }), ['It sent another.']],
  [mark('golden miss', { text: 7 }), ['golden miss']],
  [mark('golden miss', null), ['golden miss']],
  [mark('fake engine failed'), ['fake engine failed']],
  [mark('sent wrong on purpose', 'no problem'), []],
])('a mark that is a problem is one sentence: %j', (record, problems) => {
  expect(readPlay([record]).problems).toEqual(problems);
});

test.each([
  ['a <redacted:secret>', 'a sk-123', 0],
  ['a <redacted:secret>', 'b sk-123', 1],
  ['a <redacted:secret>', 7, 1],
  ['a <redacted:secret>', undefined, 1],
  ['a', 'b', 1],
])('what was removed from a recording may have been anything: %j beside %j', (golden, client, differences) => {
  expect(readPlay([replayed(golden, client)]).report.differences).toHaveLength(differences);
});

test('a difference says both sides; what is not there is nothing', () => {
  const [one] = readPlay([replayed({ a: 1 }, undefined)]).report.differences;
  expect(one && differenceText(one)).toContain('expected {"a":1} at /input (line 7 of the recording), got nothing');
  const [other] = readPlay([replayed(undefined, 'x')]).report.differences;
  expect(other && differenceText(other)).toContain('expected nothing at /input');
});

test('an exit of a process that nobody saw start ends no other', () => {
  const exit: WireRecord = { t: 0, ch: 'exit', pid: 9, code: 0, signal: null };
  expect(engineStarts([spawn(1, 'app-server'), exit]).map(({ exited }) => exited)).toEqual([false]);
});
