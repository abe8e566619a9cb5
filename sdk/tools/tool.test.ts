import * as v from 'valibot';
import { expect, expectTypeOf, test, vi } from 'vitest';
import { z } from 'zod';
import { toolSpecs } from './open-with-tools.ts';
import { prepareTool } from './prepare-tool.ts';
import { runTool } from './run-tool.ts';
import { namesOfTheEngine, type Tool, type ToolContext, type ToolResult, tool } from './tool.ts';

const inputSchema = z.object({ id: z.string() });
const base = { name: 'ticket', description: 'Reads a ticket.', inputSchema, execute: () => 'open' };
const { signal } = new AbortController();
const context: ToolContext = { signal, callId: 'c', threadId: 'th', turnId: 't' };

const run = (execute: Tool['execute'], args: unknown = { id: 'T-1' }, more: Partial<ToolContext> = {}) =>
  runTool(tool({ ...base, execute: execute as () => ToolResult }), args, { ...context, ...more });
const text = (said: string, failed = false) => ({ items: [{ type: 'text', text: said }], failed });

/** A function that is called, and what it waits for. */
function gate<T>() {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('the arguments of execute have the type of the schema', () => {
  tool({
    ...base,
    inputSchema: z.object({ id: z.string().transform(Number) }),
    execute: (args, { signal, callId, threadId }) => {
      expectTypeOf(args).toEqualTypeOf<{ id: number }>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(callId).toEqualTypeOf<string>();
      expectTypeOf(threadId).toEqualTypeOf<string | undefined>();
      return args.id;
    },
  });
  tool({ ...base, inputSchema: v.object({ id: v.string() }), execute: ({ id }) => id.toUpperCase() });
  tool({
    ...base,
    inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
    execute: (args) => {
      expectTypeOf(args).toEqualTypeOf<{ [name: string]: unknown }>();
      return { args };
    },
  });
  // @ts-expect-error what JSON cannot hold
  tool({ ...base, execute: () => 1n });
  // @ts-expect-error a property that the schema has not
  tool({ ...base, execute: ({ key }) => key });
  // @ts-expect-error no schema
  expect(() => tool({ ...base, inputSchema: 'text' })).toThrow(TypeError);
});

test('a tool is a plain object: a spy and a Proxy that wraps whatever it hands out work', async () => {
  const ticket = tool(base);
  const spied = vi.spyOn(ticket, 'execute');
  const wrap = <T>(value: T): T =>
    typeof value === 'object' && value !== null
      ? new Proxy(value, { get: (target, key) => wrap(Reflect.get(target, key)) })
      : value;
  const inputSchema = { type: 'object', properties: { id: { type: 'string' } } };
  const wrapped = wrap(
    tool({ ...base, inputSchema, execute: () => ticket.execute({ id: 'T-1' } as never, context), concurrency: 1 }),
  );
  expect(await toolSpecs([wrapped])).toMatchObject([{ name: 'ticket', inputSchema }]);
  for (const one of [ticket, wrapped]) expect(await runTool(one, { id: 'T-1' }, context)).toEqual(text('open'));
  expect(spied).toHaveBeenCalledTimes(2);
  expect(structuredClone({ ...ticket, inputSchema, execute: undefined })).toMatchObject({ name: 'ticket' });
});

test('a wrong option is refused, and says which', () => {
  const wrong: [object, RegExp][] = [
    [{ name: 7 }, /, name: expected a string, got 7/],
    [{ name: '' }, /, name: expected a name of letters, digits, _ and -, got ""/],
    [{ name: 'a b' }, /expected a name of letters/],
    [{ name: 'ä' }, /expected a name of letters/],
    [{ name: 'a'.repeat(129) }, /expected a name of at most 128 characters/],
    [{ name: 'mcp' }, /not kept for MCP/],
    [{ name: 'mcp__x' }, /not kept for MCP/],
    ...namesOfTheEngine.map((name): [object, RegExp] => [{ name }, /expected a name that no tool of the engine has/]),
    [{ description: undefined }, /, description: expected a string, got undefined/],
    [{ inputSchema: null }, /, inputSchema: expected a schema of Zod, .*, got null/],
    [{ execute: 'open' }, /, execute: expected a function, got a string/],
    [{ timeoutMs: -1 }, /timeoutMs must be a number of milliseconds, 0 or more, not -1/],
    [{ concurrency: 0 }, /, concurrency: expected a whole number, 1 or more, got 0/],
    [{ concurrency: 1.5 }, /expected a whole number/],
  ];
  for (const [option, message] of wrong) expect(() => tool({ ...base, ...option } as never)).toThrow(message);
  expect(() => tool(null as never)).toThrow(/expected a tool, as tool\(\) makes it, got null/);
  for (const name of ['a', 'A-1_b', '-', 'a'.repeat(128)]) expect(tool({ ...base, name }).name).toBe(name);
});

test('a schema that is not one of an object, or that the engine would refuse, is refused with what to do', async () => {
  const refused: [object, RegExp][] = [
    [z.string(), /expected the schema of an object, got "string"\. A model gives arguments by name/],
    [z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), /expected the schema of an object, got none/],
    [{ type: ['object', 'null'] }, /got \["object","null"\]/],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { a: { items: [{}] } } },
      /got a list in \/properties\/a\/items\. The engine takes prefixItems/,
    ],
    [z.object({ at: z.date() }), /^Reading the inputSchema of the tool ticket: .*Date cannot be represented/],
  ];
  for (const [schema, message] of refused)
    await expect(prepareTool(tool({ ...base, inputSchema: schema } as never))).rejects.toThrow(message);
  const [spec] = await toolSpecs([tool(base)]);
  expect(spec).toEqual({
    ...{ type: 'function', name: 'ticket', description: 'Reads a ticket.' },
    inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  });
});

test('a result is a text, JSON, or pieces', async () => {
  class Ticket {
    readonly id = 'T-1';
    readonly content = ['a list of its own'];
  }
  const png = Buffer.from('png');
  const results: [unknown, object][] = [
    ['it is open', text('it is open')],
    [undefined, text('')],
    [null, text('null')],
    [7, text('7')],
    [[1, { a: null }], text('[1,{"a":null}]')],
    [{ content: 'a text of its own' }, text('{"content":"a text of its own"}')],
    [new Ticket(), text('{"id":"T-1","content":["a list of its own"]}')],
    [{ content: [{ type: 'text', text: 'no such ticket' }], isError: true }, text('no such ticket', true)],
    [
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', data: png, mimeType: 'image/png' },
        ],
      },
      {
        items: [
          { type: 'text', text: 'a' },
          { type: 'image', data: 'cG5n', mimeType: 'image/png' },
        ],
        failed: false,
      },
    ],
    [
      { content: [{ type: 'audio', data: 'cG5n', mimeType: 'audio/wav' }] },
      { items: [{ type: 'audio', data: 'cG5n', mimeType: 'audio/wav' }], failed: false },
    ],
  ];
  for (const [result, outcome] of results) expect(await run(() => result as ToolResult)).toEqual(outcome);
});

test('a result that cannot be sent is a failed call, of which the program hears', async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const wrong: [unknown, RegExp][] = [
    [cyclic, /expected a text or a JSON value, got TypeError/],
    [() => 'x', /expected a text or a JSON value, got a function/],
    [1n, /expected a text or a JSON value, got TypeError/],
    [{ content: [{ type: 'image', data: 'https://example.com/a.png', mimeType: 'image/png' }] }, /A URL is not data/],
    [{ content: [{ type: 'image', data: 'cG5n', mimeType: 'audio/wav' }] }, /item 1, mimeType: expected .*image\//],
    [{ content: [{ type: 'text' }] }, /item 1: expected a text, got a undefined/],
  ];
  for (const [result, message] of wrong) {
    const errors: unknown[] = [];
    const outcome = await runTool(tool({ ...base, execute: () => result as ToolResult }), { id: 'T' }, context, {
      onError: (error) => errors.push(error),
    });
    expect(outcome).toMatchObject({ failed: true, items: [{ text: expect.stringMatching(message) }] });
    expect(errors).toEqual([expect.any(TypeError)]);
  }
});

test('arguments that do not fit go back to the model, and the tool is not called', async () => {
  const wrong = await run(() => expect.unreachable(), { id: 7, more: 1 });
  expect(wrong).toEqual(
    text(
      'The arguments of ticket do not fit:\n- id: Invalid input: expected string, received number\nCall ticket again with arguments that fit its schema.',
      true,
    ),
  );
  expect((await run(() => expect.unreachable(), null)).failed).toBe(true);
});

test('what the tool throws goes back to the model, without a secret', async () => {
  process.env['TRACKER_TOKEN'] = 'quite-secret-value';
  try {
    const thrown: [unknown, string][] = [
      [new Error('the tracker is down'), 'ticket failed: the tracker is down'],
      ['a text', 'ticket failed: a text'],
      [undefined, 'ticket failed: undefined'],
      [new Error('refused quite-secret-value'), 'ticket failed: refused <redacted:secret>'],
      [new Error('GET https://me:hunter22@tracker'), 'ticket failed: GET https://me:<redacted>@tracker'],
      [new Error(`key sk-${'a1'.repeat(20)}`), 'ticket failed: key <redacted:key>'],
    ];
    for (const [error, said] of thrown) {
      const outcome = await run(() => {
        throw error;
      });
      expect(outcome).toEqual(text(said, true));
    }
    const long = await run(() => Promise.reject(new Error('x'.repeat(10_000))));
    expect(JSON.stringify(long).length).toBeLessThan(4200);
  } finally {
    delete process.env['TRACKER_TOKEN'];
  }
});

test('a call that takes too long is over for the model; the tool is told, and its late failure is nothing', async () => {
  const { open, opened } = gate<unknown>();
  const errors: unknown[] = [];
  const slow = tool({
    ...base,
    timeoutMs: 5,
    execute: async (_args, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      open(signal.reason);
      throw new Error('late');
    },
  });
  const outcome = await runTool(slow, { id: 'T' }, context, { onError: (error) => errors.push(error) });
  expect(outcome).toEqual(text('ticket was stopped: the tool ticket took longer than 5 ms', true));
  expect(await opened).toMatchObject({ kind: 'timeout' });
  expect(errors).toEqual([await opened]);
});

test('a call ends as it would when what is told of its failure fails itself', async () => {
  const failing = tool({
    ...base,
    execute: () => {
      throw new Error('down');
    },
  });
  const listeners = [() => expect.fail('at once'), () => Promise.reject(new Error('later'))];
  for (const onError of listeners)
    expect(await runTool(failing, { id: 'T' }, context, { onError })).toEqual(text('ticket failed: down', true));
});

test('an abort reaches the tool, and ends the call, whatever the tool does then', async () => {
  const stop = new AbortController();
  const { open, opened } = gate<unknown>();
  const call = run(
    (_args, { signal }) => {
      signal.addEventListener('abort', () => open(signal.reason));
      queueMicrotask(() => stop.abort(new Error('the turn is over')));
      return new Promise<string>(() => {});
    },
    undefined,
    { signal: stop.signal },
  );
  expect(await call).toEqual(text('ticket was stopped: the turn is over', true));
  expect(await opened).toEqual(new Error('the turn is over'));
  expect(await run(() => expect.unreachable(), undefined, { signal: stop.signal })).toMatchObject({ failed: true });
});

test('so many calls run at once; the others wait in their order, and one that is stopped leaves the queue', async () => {
  const gates = ['a', 'b', 'c', 'd'].map((id) => ({ id, started: gate<void>(), end: gate<string>() }));
  const order: string[] = [];
  const limited = tool({
    ...base,
    concurrency: 2,
    execute: async ({ id }) => {
      const at = gates.find((one) => one.id === id);
      order.push(id);
      at?.started.open();
      return (await at?.end.opened) ?? '';
    },
  });
  const stop = new AbortController();
  const [a, b, c, d] = gates.map(({ id }) =>
    runTool(limited, { id }, { ...context, signal: id === 'c' ? stop.signal : signal }),
  );
  await Promise.all([gates[0]?.started.opened, gates[1]?.started.opened]);
  expect(order).toEqual(['a', 'b']);
  stop.abort(new Error('enough'));
  expect(await c).toEqual(text('ticket was stopped: enough', true));
  gates[1]?.end.open('second');
  expect(await b).toEqual(text('second'));
  await gates[3]?.started.opened;
  expect(order).toEqual(['a', 'b', 'd']);
  gates[0]?.end.open('first');
  gates[3]?.end.open('fourth');
  expect(await Promise.all([a, d])).toEqual([text('first'), text('fourth')]);
});

test('a call that was given up keeps its place until the tool itself is done', async () => {
  const end = gate<string>();
  const limited = tool({ ...base, concurrency: 1, timeoutMs: 5, execute: () => end.opened });
  expect(await runTool(limited, { id: 'a' }, context)).toMatchObject({ failed: true });
  // Its time runs while it waits.
  expect(await runTool(limited, { id: 'b' }, context)).toMatchObject({ failed: true });
  end.open('done');
  expect(await runTool(limited, { id: 'c' }, context)).toEqual(text('done'));
});
