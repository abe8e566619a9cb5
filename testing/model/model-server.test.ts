import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { JsonValue } from '../json/json.ts';
import { writeJson } from '../json/write-json.ts';
import { Latches } from '../loopback/latches.ts';
import type { ModelAnswer } from './model-answer.ts';
import { parseBody } from './model-request.ts';
import { createAnswerScript, type ModelServer, startModelServer } from './model-server.ts';

let model: ModelServer;
const latches = new Latches();
const marks: string[] = [];
const start = async (...answers: ModelAnswer[]) => {
  marks.length = 0;
  model = await startModelServer({ answers, latches, onMark: (mark) => marks.push(mark) });
};
afterEach(() => model.close());

const post = (body: string | Uint8Array<ArrayBuffer> = '{"input":[]}', headers: Record<string, string> = {}) =>
  fetch(`${model.url}/v1/responses`, { method: 'POST', body, headers });

async function events(response: Response): Promise<{ type: string; [key: string]: JsonValue }[]> {
  const blocks = (await response.text()).trimEnd().split('\n\n');
  return blocks.map((block) => {
    const [name, data] = block.split('\n') as [string, string];
    const event = JSON.parse(data.slice('data: '.length));
    expect(name).toBe(`event: ${event.type}`);
    return event;
  });
}

test('a message: created, the item, completed with every count of its usage', async () => {
  await start({ message: 'hi', phase: 'final_answer', usage: { input: 7 } });
  expect(await events(await post())).toEqual([
    { type: 'response.created', response: { id: 'resp_1' } },
    {
      type: 'response.output_item.done',
      output_index: 0,
      item: {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        content: [{ type: 'output_text', text: 'hi' }],
        phase: 'final_answer',
      },
    },
    {
      type: 'response.completed',
      response: {
        id: 'resp_1',
        usage: {
          input_tokens: 7,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: 0,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: 0,
        },
      },
    },
  ]);
});

test('reasoning, a stream and two calls share one response, with ids and indexes of their own', async () => {
  const call = { name: 'exec_command', arguments: { cmd: 'ls' } };
  await start({
    reasoning: { summary: ['plan'], text: 'raw' },
    stream: ['Hel', 'lo'],
    calls: [call, call],
    patch: 'P',
  });
  const all = await events(await post());
  const items = all.filter((event) => event.type === 'response.output_item.done');
  expect(items).toMatchObject([
    { output_index: 0, item: { type: 'reasoning', id: 'rs_1', content: [{ text: 'raw' }] } },
    { output_index: 1, item: { type: 'message', id: 'msg_1', content: [{ text: 'Hello' }] } },
    { output_index: 2, item: { type: 'function_call', id: 'fc_1', call_id: 'call_1', arguments: '{"cmd":"ls"}' } },
    { output_index: 3, item: { type: 'function_call', id: 'fc_2', call_id: 'call_2' } },
    {
      output_index: 4,
      item: { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_3', name: 'apply_patch', input: 'P' },
    },
  ]);
  expect(all.filter((event) => event.type.endsWith('_text.delta')).map((event) => event.delta)).toEqual([
    'plan',
    'raw',
    'Hel',
    'lo',
  ]);
});

test('verbatim events that bring their own end get no second one', async () => {
  const end = { type: 'response.incomplete', response: { id: 'mine' } };
  await start({
    parts: [{ events: [{ type: 'response.created', response: { id: 'mine' } }, end] }, { raw: ': note\n\n' }],
  });
  const text = await (await post()).text();
  expect(text.match(/event: .*/g)).toEqual(['event: response.created', 'event: response.incomplete']);
  expect(text.endsWith(': note\n\n')).toBe(true);
});

test('a failure is an HTTP status, or an event where the stream has begun', async () => {
  const fail = { status: 503, code: 'server_is_overloaded', headers: { 'retry-after': '1' } };
  await start({ fail }, { message: 'a', fail });
  const refused = await post();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ error: { code: 'server_is_overloaded', message: 'scripted failure' } });
  expect((await events(await post())).at(-1)).toMatchObject({
    type: 'response.failed',
    response: { error: { code: 'server_is_overloaded' } },
  });
});

test('a request beyond the script is an error, a mark, and told apart from what was never asked', async () => {
  await start({ for: 'beta', message: 'b' });
  const response = await post();
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('Model request 1 is beyond the script');
  expect(marks).toEqual(['unscripted model request 1']);
  expect(model.unconsumed()).toEqual([{ for: 'beta', message: 'b' }]);
});

test('a compressed body is read, a broken one refused, and the Authorization header stays inside', async () => {
  await start({ message: 'a' });
  const headers = { authorization: 'Bearer secret', originator: 'me', cookie: 'c', 'x-codex-turn-state': 's' };
  await post(new Uint8Array(gzipSync('{"input":[],"model":"m"}')), { ...headers, 'content-encoding': 'gzip' });
  expect(model.requests[0]?.body).toEqual({ input: [], model: 'm' });
  expect(JSON.stringify(model.requests)).not.toContain('secret');
  expect(model.requests[0]?.headers).toMatchObject({ originator: 'me', 'x-codex-turn-state': 's' });
  expect((await post('{')).status).toBe(400);
  expect((await post('x', { 'content-encoding': 'br' })).status).toBe(415);
  expect((await fetch(`${model.url}/v1/nothing`)).status).toBe(404);
  expect(marks.at(-1)).toBe('unknown model path GET /v1/nothing');
});

test('a hold sends nothing until its release; a stream holds after its last delta', async () => {
  await start({ message: 'late', hold: 'one' }, { stream: ['a', 'b'], hold: 'two' });
  const first = post().then(events);
  const second = await post();
  const reader = (second.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('"delta":"b"')) text += (await reader.read()).value ?? '';
  expect(text).not.toContain('output_item.done');
  latches.release('two');
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) text += chunk.value;
  expect(text).toContain('response.completed');
  latches.release('one');
  expect((await first).map((event) => event.type)).toContain('response.completed');
});

test('a cut arrives as a body without its end, behind what was sent', async () => {
  await start({ message: 'a', cut: true });
  const reader = ((await post()).body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  const failure = await (async () => {
    for (;;) text += Buffer.from((await reader.read()).value ?? '').toString();
  })().catch((error: Error) => error);
  expect(failure.message).toBe('terminated');
  expect(text).toContain('"text":"a"');
  expect(text).not.toContain('response.completed');
});

test('a client that leaves disturbs nobody, and close ends a hanging answer at once', async () => {
  await start({ message: 'a', hang: true }, { message: 'a', hang: true }, { message: 'still here' });
  const hanging = await post();
  const leave = new AbortController();
  const init = { method: 'POST', body: '{}', signal: leave.signal };
  const leaving = await fetch(`${model.url}/v1/responses`, init);
  leave.abort();
  await expect(leaving.text()).rejects.toThrow('aborted');
  expect(await (await post()).text()).toContain('still here');
  await model.close();
  await model.close();
  await expect(hanging.text()).rejects.toThrow('terminated');
  await expect(post()).rejects.toThrow('fetch failed');
  expect(marks).toEqual([]);
});

const user = (text: string): JsonValue => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const assistant: JsonValue = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'beta' }] };
const output: JsonValue = { type: 'function_call_output', call_id: 'call_1', output: 'beta' };

test('answers go by the newest user text, then in order', () => {
  const script = createAnswerScript([
    { for: 'beta', message: 'b' },
    { message: '1' },
    { for: 'alpha', message: 'a' },
    { message: '2' },
  ]);
  expect(script.take({ input: [user('beta'), assistant, user('alpha'), output] })?.message).toBe('a');
  expect(script.take({ input: [user('other')] })?.message).toBe('1');
  expect(script.take({ input: [user('context'), user('beta'), output] })?.message).toBe('b');
  expect(script.unconsumed()).toEqual([{ message: '2' }]);
  expect(script.take({ input: [] })?.message).toBe('2');
  expect(script.take({ input: [] })).toBeUndefined();
});

test('a body keeps the digits of its numbers; one that says a member twice is refused', async () => {
  const bytes = Buffer.from('{"n":12345678901234567890,"list":[]}');
  expect(writeJson(parseBody(bytes, 'identity'))).toBe(bytes.toString());
  await start({ message: 'hi' });
  const refused = await post('{"input":[],"input":[]}');
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('expected each member once, got /input more than once');
});

test('the list of models is empty; an unknown path is status 404, with a mark', async () => {
  await start();
  expect(await (await fetch(`${model.url}/v1/models?client=x`)).json()).toEqual({ models: [], data: [] });
  expect((await fetch(`${model.url}/v1/other`)).status).toBe(404);
  expect(marks).toEqual(['unknown model path GET /v1/other']);
});

test('a failure with a text for its body sends the text as it is; a call with text for arguments too', async () => {
  await start({ fail: { status: 503, body: 'busy' } }, { call: { name: 'add', arguments: '{"a":' } });
  const refused = await post();
  expect([refused.status, refused.headers.get('content-type'), await refused.text()]).toEqual([
    503,
    'text/plain; charset=utf-8',
    'busy',
  ]);
  expect((await events(await post()))[1]).toMatchObject({ item: { name: 'add', arguments: '{"a":' } });
});

test('a part that nobody knows cuts an answer that has begun, with a mark', async () => {
  await start({ parts: [{ message: 'hi' }, { later: true } as never] });
  await expect(post().then((response) => response.text())).rejects.toThrow();
  expect(marks).toEqual(['model request failed']);
});

test('what throws when it is told of a request is status 500, with a mark', async () => {
  for (const thrown of [new Error('no ear'), 'no ear']) {
    const told: unknown[] = [];
    const failing = await startModelServer({
      ...{ answers: [{ message: 'hi' }], latches },
      onRequest: () => {
        throw thrown;
      },
      onMark: (...mark) => told.push(mark),
    });
    const response = await fetch(`${failing.url}/v1/responses`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(500);
    expect(told).toEqual([['model request failed', 'no ear']]);
    await failing.close();
  }
});

test('a prompt is its text, whether it comes as text or as parts; other content says nothing', () => {
  const script = createAnswerScript([{ for: 'one', message: '1' }, { for: 'two', message: '2' }, { message: 'any' }]);
  const asked = (content: JsonValue) => script.take({ input: [{ role: 'user', content }] });
  expect(asked('say two')).toMatchObject({ message: '2' });
  expect(asked(7)).toMatchObject({ message: 'any' });
  expect(asked([{ text: 'say one' }, { image: 'x' }, 7])).toMatchObject({ message: '1' });
  expect(asked('say one')).toBeUndefined();
});
