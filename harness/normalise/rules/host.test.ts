import { expect, test } from 'vitest';
import type { ObservationBody } from '../../observation/types.ts';
import { exitAfterClose, hostFacts, hostName, sandboxHelperNotice, stderrIsEvidence, stderrTail } from './host.ts';

const context = { header: {} } as never;
const exit = (code: number | null, signal: string | null = null, run?: number) =>
  exitAfterClose.apply({ ch: 'exit', code, signal, ...(run !== undefined && { run }) }, context);
const closed = { ch: 'exit', code: '<closed>', signal: null };

test('the engine of a closed client ends by its input or by SIGTERM; every other end is compared, and each of exec', () => {
  for (const end of [exit(0), exit(143), exit(null, 'SIGTERM')]) expect(end).toEqual(closed);
  for (const end of [exit(1), exit(null, 'SIGKILL'), exit(0, null, 1), exit(null, 'SIGTERM', 1)])
    expect(end).toBeUndefined();
});

test('stderr of a server is evidence; that of a run of exec is compared, and so is every other line', () => {
  const of = (line: ObservationBody) => stderrIsEvidence.apply(line, context);
  expect(of({ ch: 'stderr', text: 'x' })).toBeNull();
  expect(of({ ch: 'stderr', text: 'x', run: 1 })).toBeUndefined();
  expect(of({ ch: 'mark', mark: 'stderr' })).toBeUndefined();
});

test('only the notice about the sandbox’s helper is dropped, on the wire and as an event', () => {
  const notice = (method: string, summary: string) => [
    sandboxHelperNotice.apply({ ch: 'wire.in', msg: { method, params: { summary } } }, context),
    sandboxHelperNotice.apply({ ch: 'event', lane: 'l', method, payload: { summary }, known: true }, context),
    sandboxHelperNotice.apply({ ch: 'wire.out', msg: { method, params: { summary } } }, context),
  ];
  expect(notice('configWarning', 'bubblewrap is missing')).toEqual([null, null, undefined]);
  expect(notice('configWarning', 'a key is unknown')).toEqual([undefined, undefined, undefined]);
  expect(notice('error', 'bubblewrap is missing')).toEqual([undefined, undefined, undefined]);
});

test('facts of the machine are dropped where they stand, and nowhere else', () => {
  const at = (key: string, line: ObservationBody) => ({ key, path: [key], line });
  const request = { ch: 'model.request', n: 1, method: 'POST', path: '/', headers: {}, body: {} } as const;
  const wire: ObservationBody = { ch: 'wire.in', msg: { method: 'remoteControl/status/changed' } };
  const mcp: ObservationBody = { ch: 'wire.in', msg: { method: 'mcpServer/startupStatus/updated' } };
  expect(typeof hostFacts.apply('UTC', at('timezone', request), context)).toBe('symbol');
  expect(hostFacts.apply('UTC', at('model', request), context)).toBeUndefined();
  expect(hostFacts.apply('UTC', at('timezone', wire), context)).toBeUndefined();
  expect(hostName.apply('box', at('serverName', wire), context)).toBe('<host>');
  for (const [value, line] of [
    ['', wire],
    ['box', mcp],
    ['box', request],
  ] as const)
    expect(hostName.apply(value, at('serverName', line), context)).toBeUndefined();
  const error = { ch: 'error', lane: 'l', op: 'o', error: { class: 'E', message: 'm' } } as const;
  expect(stderrTail.apply('gone; stderr_tail=a\nb', at('message', error), context)).toBe('gone; stderr_tail=<stderr>');
  expect(stderrTail.apply('gone; stderr_tail=a', at('message', wire), context)).toBeUndefined();
});
