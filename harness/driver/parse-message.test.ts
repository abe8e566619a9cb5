import { describe, expect, test } from 'vitest';
import { parseDriverMessage, requireHello } from './parse-message.ts';
import type { FromDriver } from './protocol.ts';

const line = (body: object, t: unknown = 1) => JSON.stringify({ type: 'line', run: 'r', t, line: body });
const call = { ch: 'call', lane: 'main', op: 'codex.models', args: {} };

test('what a driver may write is read, whatever else stands in it', () => {
  expect(parseDriverMessage(line({ ...call, more: 1 }))).toMatchObject({ t: 1, line: call });
  // The clock of a machine that has run for 104 days.
  expect(parseDriverMessage(line(call).replace('"t":1', '"t":9007199254740993'))).toMatchObject({
    t: 9007199254740992,
  });
});

describe('what a driver may not write is named', () => {
  test.each<[string, string]>([
    [line(call).replace('"args":{}', '"args":{"a":1,"a":1}'), '/line/args/a more than once'],
    ['print', 'what is not JSON: "print"; stdout is for messages alone, so print diagnostics to stderr'],
    ['[]', 'a message of no known type (hello, line, done, failed): "[]"'],
    ['{"type":"done"}', 'a done without its run'],
    ['{"type":"failed","run":"r"}', 'a failed without its message'],
    [line(call, null), 'a line without t, the nanoseconds of the monotonic clock'],
    [line(call, '12'), 'a line without t, the nanoseconds of the monotonic clock'],
    ['{"type":"line","run":"r","t":1}', 'a line without a line in it'],
    [line({ ch: 'print' }), 'a line without a channel that drivers write (ch: call, result, error'],
    [line({ ch: 'toString' }), 'a line without a channel that drivers write'],
    [line({ ...call, lane: 1 }), 'a line without lane of the channel call, a string'],
    [line({ ch: 'call', lane: 'm', op: 'x' }), 'a line without args of the channel call, an object'],
    [line({ ch: 'result', lane: 'm', op: 'x' }), 'a line without value of the channel result, a value'],
    [line({ ch: 'error', lane: 'm', op: 'x', error: { class: 'E' } }), 'a line without class and message of the error'],
    [
      line({ ch: 'event', lane: 'm', method: 'x', payload: {} }),
      'a line without known of the channel event, true or false',
    ],
  ])('%s', (text, told) =>
    expect(() => parseDriverMessage(text)).toThrow(`wrote ${told}`.replace('wrote what', 'wrote to stdout what')),
  );
});

describe('a hello', () => {
  const hello = { type: 'hello', protocol: 1, client: 'go', clientVersion: '1', capabilities: ['sdk'] };
  const read = (over: object, client?: string) => requireHello({ ...hello, ...over } as FromDriver, client);

  test('of a guest names it', () => {
    expect(read({}).client).toBe('go');
    expect(read({ client: 'ts' }, 'ts').client).toBe('ts');
  });

  test.each<[object, string]>([
    [{ type: 'done' }, 'wrote the wrong first message: expected hello, got done'],
    [{ protocol: 2 }, 'speaks another protocol: expected 1, got 2'],
    [{ client: 'ts' }, 'has no name of its own in hello: expected small letters, digits and "-", and not'],
    [{ client: 'Go SDK' }, 'got "Go SDK"'],
    [{ client: undefined }, 'got nothing'],
    [{ clientVersion: 1 }, 'said hello without clientVersion: expected a string, got 1'],
    [{ capabilities: ['fly'] }, 'expected a list of sdk, rpc, cancel, server-requests, error-replies, got ["fly"]'],
    [{ capabilities: 'sdk' }, 'said hello with other capabilities'],
  ])('%j', (over, told) => expect(() => read(over)).toThrow(told));
});
