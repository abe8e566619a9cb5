import { expect, test } from 'vitest';
import type { WireRecord } from '../engine/wire-log.ts';
import { recordingText } from './recording.ts';
import { createRedactor } from './redactor.ts';
import { plantedForms, plantedPlaces } from './test-fixtures/planted.ts';

const redactor = () => createRedactor({ secrets: ['plain-secret'], paths: [], user: 'al', host: 'box' });
const spawn = (pid: number, ...argv: string[]): WireRecord => ({
  t: 0,
  ch: 'spawn',
  pid,
  argv: ['/bin/codex', ...argv],
  env: {},
});
const exit = (pid: number): WireRecord => ({ t: 0, ch: 'exit', pid, code: 0, signal: null });
const line = (ch: 'in' | 'out', message: object): WireRecord => ({ t: 0, ch, pid: 1, text: JSON.stringify(message) });
const lines = (...records: WireRecord[]) => {
  const rows = recordingText(records, 'name', redactor()).text.trimEnd().split('\n');
  return rows.slice(1).map((row) => JSON.parse(row));
};

test('a secret among bytes that are no UTF-8 is found', () => {
  const base64 = Buffer.concat([Buffer.from([0xff]), Buffer.from('a plain-secret')]).toString('base64');
  const [, bytes] = lines(spawn(1, 'app-server'), { t: 0, ch: 'in', pid: 1, base64 });
  expect(bytes.body).toEqual({ raw: 'ÿa <redacted:secret>' });
});

test('request ids are numbered over all engines, though clients use them again', () => {
  const engine = [
    spawn(1, 'app-server'),
    line('out', { id: 1, method: 'a' }),
    line('in', { id: 1, result: {} }),
    exit(1),
  ];
  const ids = lines(...engine, ...engine).flatMap(({ body }) => body.msg?.id ?? []);
  expect(ids).toEqual(['<request:1>', '<request:1>', '<request:2>', '<request:2>']);
});

test('threads, turns and items are told apart, on every line that names them', () => {
  const id = (n: number) => `019aa000-0000-7000-8000-00000000000${n}`;
  const rows = lines(
    spawn(1, 'app-server'),
    line('in', { method: 'item/started', params: { threadId: id(1), turnId: id(2), item: { id: id(3) } } }),
    line('out', { method: 'x', params: { threadId: id(1), note: `${id(3)} of ${id(4)}` } }),
  );
  expect(rows[1]).toMatchObject({
    lane: 'in/<thread:1>',
    body: { msg: { params: { threadId: '<thread:1>', turnId: '<turn:1>', item: { id: '<item:1>' } } } },
  });
  expect(rows[2]).toMatchObject({
    lane: 'out/<thread:1>',
    key: 'x',
    body: { msg: { params: { note: '<item:1> of <id:recording#1>' } } },
  });
});

test('a run of exec that resumes a thread names it as the run that began it', () => {
  const thread = '019aa000-0000-7000-8000-000000000001';
  const rows = lines(
    spawn(1, 'exec', '--json'),
    line('in', { type: 'thread.started', thread_id: thread }),
    exit(1),
    spawn(2, 'exec', '--json', 'resume', thread),
  );
  const [begun, resumed] = [rows[1].body.msg.thread_id, rows.at(-1).body];
  expect(begun).toMatch(/^<[^<>]+>$/);
  expect(resumed).toEqual({ argv: ['<engine>', 'exec', '--json', 'resume', begun], run: 2 });
});

test('a prompt is text with its line ends, whatever it looks like', () => {
  const rows = lines(
    spawn(1, 'exec', '-'),
    { t: 0, ch: 'out', pid: 1, text: '{"a": 1}' },
    { t: 0, ch: 'out', pid: 1, text: 'more', partial: true },
  );
  expect(rows.slice(1).map(({ body }) => body)).toEqual([
    { raw: '{"a": 1}\n', run: 1 },
    { raw: 'more', run: 1 },
  ]);
});

test('a run of exec may go on beside a server', () => {
  const rows = lines(spawn(1, 'app-server'), spawn(2, 'exec'), exit(2), exit(1));
  expect(rows.map(({ body }) => body.run)).toEqual([undefined, 1, 1, undefined]);
});

test('two engines at the same time are refused', () => {
  expect(() => lines(spawn(1, 'app-server'), spawn(2, '--version'), spawn(3, 'app-server'))).toThrow(
    'Recording: expected one engine at a time, got two. Record each',
  );
});

test.each(Object.entries(plantedForms))(
  'nothing of %s is left in a recording, wherever it stands',
  (_, { text, secret }) => {
    const messages = Object.values(plantedPlaces).map((put) => ({ method: 'x', params: put(text) }));
    const base64 = Buffer.concat([Buffer.from([0xff]), Buffer.from(text)]).toString('base64');
    const { text: written } = recordingText(
      [
        spawn(1, 'app-server', '--config', `a=${text}`),
        ...messages.flatMap((message) => [line('in', message), line('out', message)]),
        { t: 0, ch: 'in', pid: 1, text: `no JSON: ${text}` },
        { t: 0, ch: 'out', pid: 1, text: `cut: ${text}`, partial: true },
        { t: 0, ch: 'in', pid: 1, base64 },
        { t: 0, ch: 'stderr', pid: 1, text },
        exit(1),
        spawn(2, 'exec', text),
        { t: 0, ch: 'out', pid: 2, text },
      ],
      'name',
      redactor(),
    );
    expect(written).not.toContain(secret);
    expect(written.split('<redacted').length).toBeGreaterThan(15);
  },
);

test('messages that are no object, answers to nobody and resolved requests keep their places', () => {
  const raw = (ch: 'in' | 'out', text: string): WireRecord => ({ t: 0, ch, pid: 1, text });
  const [, bare, stray, asked, known, unknown] = lines(
    spawn(1, 'app-server'),
    raw('in', '7'),
    line('in', { id: 9, result: {} }),
    line('in', { id: 4, method: 'item/tool/requestUserInput', params: { thread: { id: 't' } } }),
    line('in', { method: 'serverRequest/resolved', params: { requestId: 4 } }),
    line('in', { method: 'serverRequest/resolved', params: { requestId: 5 } }),
  );
  expect([bare.key, bare.body.msg, stray.key, stray.lane]).toEqual(['message', 7, 'answer ?', stray.lane]);
  expect(asked.lane).toContain('t');
  expect(known.body.msg.params.requestId).toBe(asked.body.msg.id);
  expect(unknown.body.msg.params.requestId).toBe(5);
});
