import { describe, expect, test } from 'vitest';
import { completed, item, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { StructuredOutputError } from './structured-output.ts';
import { TurnFailedError } from './turn-result.ts';

const report = {
  type: 'object',
  properties: { summary: { type: 'string' }, risk: { enum: ['low', 'high'] }, note: { type: 'string' } },
  required: ['summary', 'risk'],
} as const;
const strict = {
  type: 'object',
  properties: {
    summary: { type: 'string' },
    risk: { type: 'string', enum: ['low', 'high'] },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['summary', 'risk', 'note'],
  additionalProperties: false,
};
const good = '{"summary":"fine","risk":"low","note":null}';
const bad = '{"summary":7,"risk":"low","note":null}';
const value = { summary: 'fine', risk: 'low' };

/** Lets the engine run the next turn: the request, and then its answer and its end. */
async function turn(engine: MemoryEngine, id: string, texts: readonly string[], status?: string) {
  const { params } = await engine.answer({ turn: { id } });
  for (const text of texts) engine.send(item(text, id));
  engine.send(completed(id, status));
  return params as { input: [{ text: string }]; outputSchema: unknown };
}

async function failure(promise: Promise<unknown>): Promise<StructuredOutputError> {
  const error = await promise.then(
    () => 'no failure',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StructuredOutputError);
  return error as StructuredOutputError;
}

test('the engine gets the strict schema, and the result has the value beside its other fields', async () => {
  const { engine, codex, thread } = await withThread();
  const running = thread.run('hi', { output: report });
  const params = await turn(engine, 't', ['thinking', good]);
  expect(params.outputSchema).toEqual(strict);
  const result = await running;
  expect(result).toMatchObject({ id: 't', status: 'completed', finalResponse: good, output: value });
  const { output: _, ...others } = result;
  const plain = thread.run('hi');
  await turn(engine, 't2', ['thinking', good]);
  expect(Object.keys(others)).toEqual(Object.keys(await plain));
  await codex.close();
});

test('without output nothing is sent for it, and the result has no such field', async () => {
  const { engine, codex, thread } = await withThread();
  const running = thread.run('hi', { output: undefined });
  const params = await turn(engine, 't', ['text']);
  expect(params).not.toHaveProperty('outputSchema');
  expect(await running).not.toHaveProperty('output');
  await codex.close();
});

test('a schema of a library makes the value', async () => {
  const { engine, codex, thread } = await withThread();
  const upper = {
    '~standard': {
      version: 1,
      vendor: 'mine',
      validate: async (text: unknown) => ({ value: String(text).toUpperCase() }),
      jsonSchema: { input: () => ({ type: 'string' }) },
    },
  } as const;
  const running = thread.run('hi', { output: upper });
  await turn(engine, 't', ['{"value":"loud"}']);
  const { output } = await running;
  const typed: string = output;
  expect(typed).toBe('LOUD');
  await codex.close();
});

const wrong: Record<string, { texts: string[]; status?: string; error: object; message: RegExp }> = {
  'a text that is no JSON': {
    texts: ['I cannot say.'],
    error: { reason: 'not-json', text: 'I cannot say.', issues: [], cause: expect.any(SyntaxError) },
    message: /^The final message is not JSON$/,
  },
  'half of a JSON text': {
    texts: [good.slice(0, 9)],
    error: { reason: 'not-json', issues: [] },
    message: /not JSON/,
  },
  'a value that does not fit': {
    texts: [bad],
    error: { reason: 'invalid', text: bad, issues: [{ path: ['summary'], message: 'must be string' }] },
    message: /^The final message does not fit the schema:\n- summary: must be string$/,
  },
  'no message': {
    texts: [],
    error: { reason: 'no-answer', text: null, issues: [] },
    message: /^The turn ended without a final message/,
  },
  'an interrupted turn, whatever it had said': {
    texts: [good],
    status: 'interrupted',
    error: { reason: 'interrupted', text: good, issues: [] },
    message: /^The turn was interrupted/,
  },
};

describe.each(Object.entries(wrong))('%s', (_, { texts, status, error, message }) => {
  test('is a StructuredOutputError with the text, the issues, the items and the result', async () => {
    const { engine, codex, thread } = await withThread();
    const failed = failure(thread.run('hi', { output: report }));
    await turn(engine, 't', texts, status);
    const found = await failed;
    expect(found).toMatchObject({
      ...{ kind: 'output', name: 'StructuredOutputError', action: 'turn t', retryable: false },
      ...{ result: { id: 't', status: status ?? 'completed' }, items: texts.map((text) => ({ text })) },
      ...error,
    });
    expect(found.message).toMatch(message);
    await codex.close();
  });

  test.runIf(status === undefined)('is repaired by one more turn, of which the result has both', async () => {
    const { engine, codex, thread } = await withThread();
    const running = thread.run('hi', { output: report, repair: 1, effort: 'high' });
    await turn(engine, 't', texts);
    const again = await turn(engine, 't2', [good]);
    expect(again).toMatchObject({ outputSchema: strict, effort: 'high', threadId: 'th' });
    expect(again.input[0].text).toMatch(/^Your last answer does not fit the required output:\n- .+\nAnswer again/);
    expect(await running).toMatchObject({ id: 't2', output: value, items: [...texts, good].map((text) => ({ text })) });
    await codex.close();
  });

  test.runIf(status !== undefined)('is not repaired', async () => {
    const { engine, codex, thread } = await withThread();
    const failed = failure(thread.run('hi', { output: report, repair: 3 }));
    await turn(engine, 't', texts, status);
    expect((await failed).reason).toBe('interrupted');
    await codex.close();
  });
});

test('a repair that fails too is an error about the last answer, whose cause is the first', async () => {
  const { engine, codex, thread } = await withThread();
  const failed = failure(thread.run('hi', { output: report, repair: 1 }));
  await turn(engine, 't', [bad]);
  await turn(engine, 't2', ['{"summary":"","risk":"none","note":null}']);
  expect(await failed).toMatchObject({
    ...{
      reason: 'invalid',
      issues: [{ path: ['risk'] }],
      cause: { reason: 'invalid', issues: [{ path: ['summary'] }] },
    },
    ...{ result: { id: 't2' }, items: [{ text: bad }, { text: expect.stringContaining('none') }] },
  });
  await codex.close();
});

test('a repair whose turn fails leaves the error of the answer, with that of the turn as its cause', async () => {
  const { engine, codex, thread } = await withThread();
  const failed = failure(thread.run('hi', { output: report, repair: 1 }));
  await turn(engine, 't', [bad]);
  await turn(engine, 't2', [], 'failed');
  const error = await failed;
  expect(error).toMatchObject({ reason: 'invalid', text: bad, result: { id: 't' } });
  expect(error.cause).toBeInstanceOf(TurnFailedError);
  await codex.close();
});

test('an engine that dies during the repair is the error', async () => {
  const { engine, codex, thread } = await withThread();
  const running = thread.run('hi', { output: report, repair: 1 });
  await turn(engine, 't', [bad]);
  await engine.next();
  engine.peer.end();
  await expect(running).rejects.toMatchObject({ name: 'TransportClosedError' });
  await codex.close();
});

test('the error of a failed turn wins', async () => {
  const { engine, codex, thread } = await withThread();
  const running = thread.run('hi', { output: report, repair: 1 });
  await turn(engine, 't', [good], 'failed');
  await expect(running).rejects.toBeInstanceOf(TurnFailedError);
  await codex.close();
});

test("the schema's own code that fails is the cause, and no repair would help", async () => {
  const { engine, codex, thread } = await withThread();
  const broken = {
    '~standard': {
      version: 1,
      vendor: 'mine',
      validate: () => {
        throw new RangeError('out of order');
      },
      jsonSchema: { input: () => report },
    },
  } as const;
  const failed = failure(thread.run('hi', { output: broken, repair: 1 }));
  await turn(engine, 't', [good]);
  expect(await failed).toMatchObject({ reason: 'schema-failed', text: good, cause: { message: 'out of order' } });
  await codex.close();
});

test('a schema that the service would refuse is refused with its path, and nothing is sent', async () => {
  const { engine, codex, thread } = await withThread();
  const open = { type: 'object', properties: { a: { type: 'array' } } };
  const words = /^Making the output schema strict at #\/properties\/a: expected an array with "items", got none\./;
  for (const call of [
    () => thread.run('hi', { output: open }),
    () => thread.turn('hi', { output: open }),
    () => thread.streamText('hi', { output: open }).next(),
  ]) {
    const error = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(words);
  }
  expect(engine.peer.received).toEqual([]);
  await codex.close();
});

test('options that contradict each other are refused', async () => {
  const { engine, codex, thread } = await withThread();
  const both = { output: report, outputSchema: report };
  await expect(thread.run('hi', both)).rejects.toThrow(
    'Reading the options of Thread.run: expected output or outputSchema, got both. Leave outputSchema out: output sends a schema too.',
  );
  await expect(thread.turn('hi', both)).rejects.toThrow(TypeError);
  expect(() => thread.streamText('hi', both)).toThrow(TypeError);
  await expect(thread.run('hi', { repair: 1 })).rejects.toThrow('expected output beside repair, got repair alone');
  await expect(thread.run('hi', { output: report, repair: 0.5 })).rejects.toThrow('a whole number, 0 or more');
  expect(engine.peer.received).toEqual([]);
  await codex.close();
});

describe('a handle', () => {
  async function started(repair = 0) {
    const { engine, codex, thread } = await withThread();
    const [handle] = await Promise.all([
      thread.turn('hi', { output: report, repair }),
      engine.answer({ turn: { id: 't' } }),
    ]);
    const end = (text: string) => {
      engine.send(item(text));
      engine.send(completed());
    };
    return { engine, codex, handle, end };
  }

  test('has the value from run(), from result(), and after its stream, which shows the text alone', async () => {
    const { codex, handle, end } = await started();
    end(good);
    const methods: string[] = [];
    for await (const { method } of handle.stream()) methods.push(method);
    expect(methods).toEqual(['item/completed', 'turn/completed']);
    const [one, two] = await Promise.all([handle.result(), handle.result()]);
    expect(one.output).toEqual(value);
    expect(two.output).toBe(one.output);
    await codex.close();
  });

  test('is repaired once, however many wait, and who aborts leaves the others alone', async () => {
    const { engine, codex, handle, end } = await started(1);
    const enough = new AbortController();
    const waits = [handle.run(), handle.result()];
    const aborted = handle.result({ signal: enough.signal });
    end(bad);
    await until(() => engine.peer.received.length === 1);
    enough.abort('enough');
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    await turn(engine, 't2', [good]);
    for (const wait of waits) expect((await wait).output).toEqual(value);
    expect((await handle.result()).output).toEqual(value);
    expect(engine.peer.received).toEqual([]);
    await codex.close();
  });

  test('that is never asked for its value starts no repair', async () => {
    const { engine, codex, handle, end } = await started(1);
    end(bad);
    for await (const _ of handle.stream());
    expect(engine.peer.received).toEqual([]);
    await codex.close();
  });
});

describe('streamed texts', () => {
  test('are the partial text, and their end is the value', async () => {
    const { engine, codex, thread } = await withThread();
    const texts = thread.streamText('hi', { output: report });
    const pieces: string[] = [];
    const read = async () => {
      for (;;) {
        const next = await texts.next();
        if (next.done) return next.value;
        pieces.push(next.value.delta);
      }
    };
    const [result] = await Promise.all([read(), turn(engine, 't', [good])]);
    expect(pieces).toEqual([good]);
    expect(result.output).toEqual(value);
    await codex.close();
  });

  test('that are left during a repair end', async () => {
    const { engine, codex, thread } = await withThread();
    const texts = thread.streamText('hi', { output: report, repair: 1 });
    const first = texts.next();
    await turn(engine, 't', [bad]);
    await first;
    const end = texts.next();
    await engine.next();
    await texts.return(undefined as never);
    expect(await end).toEqual({ done: true, value: undefined });
    await codex.close();
  });
});
