import { expect, it, test } from 'vitest';
import type { JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody, ObservationHeader } from '../../observation/types.ts';
import type { Place, RuleContext, ValueRule } from '../types.ts';
import { configVersion, exitOfKilled, fileBirth, processFacts, remoteControlAttempts } from './engine-facts.ts';

const context = { header: {} as ObservationHeader };
const line: ObservationBody = { ch: 'wire.in', msg: {} };

function applied(rule: ValueRule, value: JsonValue, ...path: string[]) {
  return rule.apply(value, { key: path.at(-1), path, line }, context);
}

it('takes digests of a configuration for versions, and no other version', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  expect(applied(configVersion, digest, 'msg', 'result', 'version')).toBe('<config-version>');
  expect(applied(configVersion, digest, 'msg', 'params', 'expectedVersion')).toBe('<config-version>');
  expect(applied(configVersion, '0.163.0', 'msg', 'result', 'version')).toBeUndefined();
  expect(applied(configVersion, 'sha256:0', 'msg', 'params', 'expectedVersion')).toBeUndefined();
  expect(applied(configVersion, digest, 'msg', 'result', 'hash')).toBeUndefined();
});

it('takes the birth of a file as a moment, known or not', () => {
  expect(applied(fileBirth, 0, 'createdAtMs')).toBe('<millis>');
  expect(applied(fileBirth, 1_795_000_000_000, 'createdAtMs')).toBe('<millis>');
  expect(applied(fileBirth, 1_795_000_000, 'createdAtMs')).toBeUndefined();
  expect(applied(fileBirth, 0, 'modifiedAtMs')).toBeUndefined();
});

it("takes the engine's own process id and memory as gauges", () => {
  const at = ['msg', 'result', 'process'];
  expect(applied(processFacts, 3670, ...at, 'id')).toBe('<gauge>');
  expect(applied(processFacts, 129_159_168, ...at, 'residentMemoryBytes')).toBe('<gauge>');
  expect(applied(processFacts, null, ...at, 'physicalFootprintBytes')).toBeUndefined();
  expect(applied(processFacts, 3670, 'msg', 'result', 'id')).toBeUndefined();
});

it('drops the attempts of remote control to connect, on the wire and as events, and keeps on and off', () => {
  const said = (status: string): ObservationBody => ({
    ch: 'wire.in',
    msg: { method: 'remoteControl/status/changed', params: { status } },
  });
  expect(remoteControlAttempts.apply(said('connecting'), context)).toBeNull();
  expect(remoteControlAttempts.apply(said('errored'), context)).toBeNull();
  expect(remoteControlAttempts.apply(said('disabled'), context)).toBeUndefined();
  const event = { ch: 'event', lane: 'told', known: true, payload: { status: 'errored' } } as const;
  expect(remoteControlAttempts.apply({ ...event, method: 'remoteControl/status/changed' }, context)).toBeNull();
  expect(remoteControlAttempts.apply({ ...event, method: 'thread/status/changed' }, context)).toBeUndefined();
});

const exitRead = (key: string, value: number, engine = 'real') =>
  exitOfKilled.apply(value, { key, path: [], line: { ch: 'wire.in' } } as Place, { header: { engine } } as RuleContext);

test('137 of a killed command is -1, whether or not the engine has heard of its end', () => {
  expect(exitRead('exitCode', 137)).toBe(-1);
});

test('any other exit code, and any other 137, is compared', () => {
  for (const code of [-1, 0, 1, 9, 128, 143]) expect(exitRead('exitCode', code)).toBeUndefined();
  expect(exitRead('code', 137)).toBeUndefined();
  expect(exitRead('exitCode', 137, 'fake')).toBeUndefined();
});
