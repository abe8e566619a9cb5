import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { Latches } from '../loopback/latches.ts';
import type { ModelAnswer, ModelPart } from './model-answer.ts';
import { createIds } from './parts.ts';
import { expandAnswer, playAnswer } from './play-answer.ts';

test('the short form is played in one fixed order', () => {
  const call = { name: 'exec_command', arguments: { cmd: 'ls' } };
  expect(
    expandAnswer({
      hang: true,
      patch: 'P',
      call,
      calls: [call],
      stream: ['a'],
      phase: 'final',
      hold: 'x',
      reasoning: { text: 'r' },
    }),
  ).toEqual([
    { reasoning: { text: 'r' } },
    { stream: ['a'], phase: 'final', hold: 'x' },
    { call },
    { call },
    { custom: { name: 'apply_patch', input: 'P' } },
    { hang: true },
  ]);
});

test('a hold without a stream stands first', () => {
  expect(expandAnswer({ message: 'm', hold: 'x' })).toEqual([{ hold: 'x' }, { message: 'm' }]);
});

test('an answer that says two things is refused', () => {
  expect(() => expandAnswer({ parts: [], message: 'm' })).toThrow(
    'expected parts or the short form, got parts and message',
  );
  expect(() => expandAnswer({ stream: ['a'], message: 'm' })).toThrow('expected message or stream, got both');
});

const one = { name: 'a', arguments: {} };
const two = { name: 'b', arguments: {} };
test.each<[ModelAnswer, ModelPart[]]>([
  [{}, []],
  [{ message: '' }, [{ message: '' }]],
  [{ message: 'm', phase: 'p' }, [{ message: 'm', phase: 'p' }]],
  [{ stream: ['s'] }, [{ stream: ['s'] }]],
  [{ stream: ['s'], phase: 'p' }, [{ stream: ['s'], phase: 'p' }]],
  [{ stream: ['s'], hold: 'h' }, [{ stream: ['s'], hold: 'h' }]],
  [{ hold: 'h', reasoning: {} }, [{ hold: 'h' }, { reasoning: {} }]],
  [{ call: one, calls: [two] }, [{ call: one }, { call: two }]],
  [{ calls: [one, two], patch: '' }, [{ call: one }, { call: two }, { custom: { name: 'apply_patch', input: '' } }]],
  [{ patch: 'P', fail: { status: 500 } }, [{ custom: { name: 'apply_patch', input: 'P' } }, { fail: { status: 500 } }]],
  [{ message: 'm', fail: { status: 500 }, cut: true }, [{ message: 'm' }, { fail: { status: 500 } }, { cut: true }]],
  [{ cut: true, hang: true }, [{ cut: true }, { hang: true }]],
])('%j in parts', (answer, parts) => {
  expect(expandAnswer(answer)).toEqual(parts);
});

/** A response that keeps what it was told. */
class Kept {
  headersSent = false;
  readonly told: unknown[] = [];
  socket = { destroySoon: () => void this.told.push('cut') };
  writeHead(status: number): void {
    this.headersSent = true;
    if (status !== 200) this.told.push(status);
  }
  flushHeaders(): void {}
  write(text: string): boolean {
    const [, data] = /^event: \S+\ndata: (.*)\n\n$/.exec(text) ?? [];
    this.told.push(data === undefined ? text : JSON.parse(data));
    return true;
  }
  end(body?: string): void {
    this.told.push(body === undefined ? 'end' : JSON.parse(body));
  }
}

async function played(answer: ModelAnswer, signal = new AbortController().signal): Promise<unknown[]> {
  const response = new Kept();
  const shared = { nextId: createIds(), latches: new Latches(), signal };
  await playAnswer(answer, response as unknown as ServerResponse, shared);
  return response.told;
}

const created = { type: 'response.created', response: { id: 'resp_1' } };
const usage = (...[input = 0, cached = 0, output = 0, reasoning = 0, total = 0]: number[]) => ({
  ...{ input_tokens: input, input_tokens_details: { cached_tokens: cached } },
  ...{ output_tokens: output, output_tokens_details: { reasoning_tokens: reasoning }, total_tokens: total },
});
const completed = (...counts: number[]) => ({
  type: 'response.completed',
  response: { id: 'resp_1', usage: usage(...counts) },
});
const content = [{ type: 'output_text', text: 'm' }];
const item = (id: string, output_index: number) => ({
  ...{ type: 'response.output_item.done', output_index },
  item: { type: 'message', role: 'assistant', id, content },
});
const failure = { status: 503, code: 'c', message: 'full' };
const error = { message: 'full', type: 'error', code: 'c' };
const m = { message: 'm' };

test.each<[ModelAnswer, unknown[]]>([
  [{}, [created, completed(), 'end']],
  [{ usage: { input: 1, cached: 2, output: 3, reasoning: 4, total: 5 } }, [created, completed(1, 2, 3, 4, 5), 'end']],
  [{ parts: [m, m] }, [created, item('msg_1', 0), item('msg_2', 1), completed(), 'end']],
  [{ parts: [{ raw: ': r' }, { raw: ': s' }] }, [created, ': r', ': s', completed(), 'end']],
  [
    { parts: [{ events: [{ type: 'x', n: 1 }, { n: 2 }] }] },
    [created, { type: 'x', n: 1 }, { n: 2, type: 'undefined' }, completed(), 'end'],
  ],
  [
    { parts: [{ events: [{ type: 'response.created', response: { id: 'own' } }] }] },
    [{ ...created, response: { id: 'own' } }, completed(), 'end'],
  ],
  ...['completed', 'failed', 'incomplete'].map((name): [ModelAnswer, unknown[]] => [
    { parts: [{ events: [{ type: `response.${name}` }, { type: 'late' }] }, m] },
    [created, { type: `response.${name}` }, { type: 'late' }, item('msg_1', 0), 'end'],
  ]),
  [{ fail: failure }, [503, { error }]],
  [{ fail: { status: 500 } }, [500, { error: { message: 'scripted failure', type: 'error' } }]],
  [
    { parts: [m, { fail: failure }] },
    [
      created,
      item('msg_1', 0),
      { type: 'response.failed', response: { id: 'resp_1', status: 'failed', error } },
      'end',
    ],
  ],
  [{ parts: [m, { cut: true }, m] }, [created, item('msg_1', 0), 'cut']],
])('%j: all that is sent, to the end', async (answer, told) => {
  expect(await played(answer)).toEqual(told);
});

test('an answer that hangs ends with the reason of the engine that leaves, whether it has left before or leaves then', async () => {
  const reason = new Error('gone');
  await expect(played({ hang: true }, AbortSignal.abort(reason))).rejects.toBe(reason);
  const left = new AbortController();
  const hanging = played({ hang: true }, left.signal);
  left.abort(reason);
  await expect(hanging).rejects.toBe(reason);
  const waiting = played({ hold: 'never' }, left.signal);
  await expect(waiting).rejects.toBe(reason);
});
