import { expect, test } from 'vitest';
import { type LifeCycleName, lifeCycleChannels } from './life-cycle.ts';
import { logSink } from './log-sink.ts';

const written = (message: object) => {
  const records: [string, object][] = [];
  const level = (name: string) => (fields: object) => void records.push([name, fields]);
  logSink({ debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') }).take(
    'turn.failed',
    message as never,
  );
  return records;
};

test('secrets are taken out by their names and by their form, at any depth; what is too deep is left out', () => {
  const key = 'sk-abcdefghijklmnopqrstuvwxyz';
  const deep = { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: 'deep' } } } } } } } } } };
  const [[level, fields] = []] = written({
    ...{ apiKey: 'anything', list: [`with ${key}`, { token: 'anything', n: 7 }], deep, flag: true, none: null },
    error: Object.assign(new TypeError(`bad ${key}`), { kind: 'protocol' }),
  });
  expect(level).toBe('error');
  expect(fields).toMatchObject({
    ...{ event: 'twinproof.turn.failed', apiKey: '<redacted>', flag: true, none: null },
    list: [expect.stringContaining('with '), { token: '<redacted>', n: 7 }],
    error: { name: 'TypeError', kind: 'protocol' },
  });
  expect(JSON.stringify(fields)).not.toMatch(/sk-abc|anything|"deep":"deep"/);
  expect(JSON.stringify(fields)).not.toContain('"a":"deep"');
});

test('a level that the logger lacks is not written, nor made', () => {
  const told: string[] = [];
  const sink = logSink({ error: () => void told.push('error') } as never);
  const costly = {
    get value() {
      told.push('read');
      return 1;
    },
  };
  sink.take('turn.started', costly as never);
  expect(told).toEqual([]);
  sink.take('turn.failed', {} as never);
  expect(told).toEqual(['error']);
});

test('each message has its level', () => {
  const levels: Record<string, string> = {
    ...{ 'client.started': 'info', 'client.closed': 'info', 'client.failed': 'error', 'engine.exited': 'error' },
    ...{ 'request.failed': 'warn', 'thread.started': 'info', 'turn.started': 'info', 'turn.completed': 'info' },
    ...{ 'turn.failed': 'error', 'approval.answered': 'info', 'notifications.dropped': 'warn' },
  };
  const told: string[] = [];
  const level = (name: string) => (_: object, text: string) => void told.push(`${text} ${name}`);
  const sink = logSink({ debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') });
  const names = Object.keys(lifeCycleChannels) as LifeCycleName[];
  for (const name of names) sink.take(name, {} as never);
  expect(told).toEqual(names.map((name) => `twinproof.${name} ${levels[name] ?? 'debug'}`));
});
