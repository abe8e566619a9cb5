import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { outputContent } from '../../sdk/acp/tool-calls.ts';
import { clientFrame, textFrames } from '../../sdk/attach/frames.ts';
import { MessageReader } from '../../sdk/attach/message-reader.ts';
import { byteStream } from '../../sdk/client/byte-stream.ts';
import { goalObjective } from '../../sdk/client/goal-control.ts';
import { pages } from '../../sdk/client/pages.ts';
import { TurnContexts } from '../../sdk/client/turn-contexts.ts';
import { CodexError } from '../../sdk/errors/codex-error.ts';
import { exitText } from '../../sdk/errors/connection-errors.ts';
import { literal, quoted } from '../../sdk/errors/python-text.ts';
import { invalidItem } from '../../sdk/exec/exec-errors.ts';
import { batchOf, fromBatches } from '../../sdk/exec/from-batches.ts';
import { OutputReader } from '../../sdk/exec/output-reader.ts';
import { cleanName } from '../../sdk/files/clean-name.ts';
import { openSource } from '../../sdk/files/source.ts';
import { tool } from '../../sdk/index.ts';
import { McpWatch } from '../../sdk/mcp/mcp-watch.ts';
import { restartPolicy } from '../../sdk/mcp/restart.ts';
import { McpSupervisor } from '../../sdk/mcp/supervisor.ts';
import { checkLimits } from '../../sdk/output/schema-limits.ts';
import { strictSchema } from '../../sdk/output/strict-schema.ts';
import { errorText } from '../../sdk/redact/error-text.ts';
import { redactText } from '../../sdk/redact/secret-forms.ts';
import { saysOverloaded } from '../../sdk/rpc/engine-words.ts';
import { EventLog } from '../../sdk/rpc/event-log.ts';
import { keepNewest } from '../../sdk/rpc/keep-newest.ts';
import { LoginCompletions } from '../../sdk/rpc/login-completions.ts';
import { BoundedQueue, NotificationFeed } from '../../sdk/rpc/notification-feed.ts';
import { safeAnswer } from '../../sdk/rpc/server-requests.ts';
import { SubAgents } from '../../sdk/rpc/sub-agents.ts';
import { TurnRouter } from '../../sdk/rpc/turn-router.ts';
import { TurnProgress } from '../../sdk/rpc/turn-state.ts';
import { TurnUsageMeter } from '../../sdk/rpc/turn-usage.ts';
import { issueText } from '../../sdk/schema/issue-text.ts';
import { keepNothing } from '../../sdk/test-fixtures/keep-nothing.ts';
import { keptTools } from '../../sdk/tools/open-with-tools.ts';
import { ThreadTools } from '../../sdk/tools/thread-tools.ts';
import { failure } from '../../sdk/tools/tool-outcome.ts';
import { LineDecoder } from '../../sdk/transport/line-codec.ts';
import { parseJson } from '../../sdk/transport/parse-json.ts';
import { StderrTail } from '../../sdk/transport/stderr-tail.ts';
import { ExactNumber, numberOf, sameNumber } from '../../testing/json/exact-number.ts';
import { constants } from './constants.ts';

/** What is bounded, or comes in parts: the limits that a test tries, at n - 1, n and n + 1. */
interface Edge {
  limits: readonly string[];
  run(): unknown;
}

const mebibyte = 1024 * 1024;
const emoji = '😀';

/** Everything that a decoder makes of these pieces. */
function linesOf(pieces: Iterable<Uint8Array>, longest?: number): string[] {
  const decoder = new LineDecoder(longest === undefined ? {} : { longest });
  const lines: string[] = [];
  for (const piece of pieces) for (const { text } of decoder.push(piece)) lines.push(text);
  for (const { text, terminated } of decoder.end()) lines.push(`${text}${terminated ? '' : ' (cut)'}`);
  return lines;
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const turnEvent = (method: string, turnId: string) => ({ method, payload: { threadId: 'th', turnId } }) as never;

const edges: Readonly<Record<string, Edge>> = {
  'a stream of lines, cut in two and in three at every byte': {
    limits: [],
    run() {
      for (const text of ['{"a":"é€😀"}\r\n\r\n\n{"b":1}\nlast€', 'one\n', '\n', '\r', 'é', '']) {
        const bytes = Buffer.from(text);
        const expected = text.split('\n').map((line) => line.replace(/\r$/, ''));
        const rest = expected.pop();
        if (text.split('\n').at(-1) !== '') expected.push(`${rest} (cut)`);
        for (let one = 0; one <= bytes.length; one += 1)
          for (let two = one; two <= bytes.length; two += 1)
            expect(linesOf([bytes.subarray(0, one), bytes.subarray(one, two), bytes.subarray(two)])).toEqual(expected);
      }
    },
  },
  'a line that is as long as a part of it': {
    limits: ['line-codec.ts shortLine', 'line-codec.ts pieceSize', 'byte-blocks.ts blockSize'],
    run() {
      for (const around of [65_536, mebibyte, 2 * mebibyte])
        for (const length of [around - 1, around, around + 1])
          for (const letter of ['x', '€']) {
            const room = length - '{"a":""}'.length;
            const filled = letter.repeat(Math.floor(room / Buffer.byteLength(letter)));
            const text = `{"a":"${filled}${'y'.repeat(room - Buffer.byteLength(filled))}"}`;
            const bytes = Buffer.from(`first\n${text}\nlast\n`);
            for (const size of [bytes.length, 65_536])
              expect(linesOf(cut(bytes, size)).map((line) => line === text || line)).toEqual(['first', true, 'last']);
            // Without its end, it is whole all the same.
            expect(linesOf(cut(Buffer.from(text), 65_536))).toEqual([`${text} (cut)`]);
          }
    },
  },
  'the longest line': {
    limits: ['parse-json.ts longestLine'],
    run() {
      const longest = 2 * mebibyte;
      const line = (length: number) => Buffer.from(`{"a":"${'x'.repeat(length - 8)}"}\n`);
      for (const length of [longest - 1, longest]) expect(linesOf(cut(line(length), 65_537), longest)).toHaveLength(1);
      for (const size of [65_537, longest + 1])
        expect(() => linesOf(cut(line(longest + 1), size), longest)).toThrow(`at most ${longest} bytes`);
    },
  },
  'nested JSON': {
    limits: ['parse-json.ts deepestJson', 'parse-json.ts beginningOf()'],
    run() {
      const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
      for (const levels of [999, 1000]) expect(() => parseJson(nested(levels))).not.toThrow();
      expect(() => parseJson(nested(1001))).toThrow(/at most 1000 levels deep, got more: '\[{200}…'/);
      const long = (levels: number) => `{"a":"${'x'.repeat(2 * mebibyte)}","b":${nested(levels - 1)}}\n`;
      for (const levels of [999, 1000]) expect(linesOf(cut(Buffer.from(long(levels)), 65_536))).toHaveLength(1);
      expect(() => linesOf(cut(Buffer.from(long(1001)), 65_536))).toThrow('at most 1000 levels deep');
    },
  },
  'the end of stderr': {
    limits: [
      'stderr-tail.ts keptBytes',
      'stderr-tail.ts keptLines',
      'stderr-tail.ts quotedLines',
      'stderr-tail.ts quotedCharacters',
      'stderr-tail.ts subarray()',
    ],
    run() {
      const tailOf = (text: string, size = 65_536) => {
        const tail = new StderrTail();
        for (const piece of cut(Buffer.from(text), size)) tail.push(piece);
        return tail;
      };
      const lines = (count: number) => numbers(count).map((at) => `line ${at}`);
      for (const count of [0, 1, 39, 40, 41, 399, 400, 401]) {
        for (const text of [
          lines(count)
            .map((line) => `${line}\n`)
            .join(''),
          lines(count).join('\n'),
        ]) {
          expect(tailOf(text, 7).lines).toEqual(lines(count).slice(-400));
          expect(tailOf(text).quote).toBe(lines(count).slice(-40).join('\n'));
        }
      }
      // Python counts code points, and so does the quote.
      for (const letter of ['x', 'é', emoji])
        for (const count of [1999, 2000, 2001])
          expect([...tailOf(letter.repeat(count)).quote]).toHaveLength(Math.min(count, 2000));
      for (const letter of ['x', 'é', '€', emoji])
        for (const more of [-1, 0, 1, 2, 3, 4]) {
          const length = mebibyte + more;
          const size = Buffer.byteLength(letter);
          const text = 'x'.repeat(length % size) + letter.repeat(Math.floor(length / size));
          const { text: kept } = tailOf(text);
          expect(kept.includes('\ufffd')).toBe(false);
          expect(text.endsWith(kept)).toBe(true);
          expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(mebibyte);
          expect(Buffer.byteLength(kept)).toBeGreaterThan(Math.min(length, mebibyte) - size);
        }
    },
  },
  'frames of WebSocket': {
    limits: ['frames.ts length < 126', 'frames.ts length < 65_536', 'frames.ts longestFragment'],
    run() {
      const mask = new Uint8Array([1, 2, 3, 4]);
      for (const [length, head] of [
        [0, 2],
        [125, 2],
        [126, 4],
        [65_535, 4],
        [65_536, 10],
      ] as const) {
        const frame = clientFrame(1, new Uint8Array(length), true, mask);
        expect(frame).toHaveLength(head + 4 + length);
        expect((frame[1] as number) & 0x7f).toBe(head === 2 ? length : head === 4 ? 126 : 127);
      }
      const longest = 8 * mebibyte;
      for (const [length, frames] of [
        [0, [0]],
        [1, [1]],
        [longest, [longest]],
        [longest + 1, [longest, 1]],
        [2 * longest, [longest, longest]],
      ] as const) {
        const sent = textFrames('x'.repeat(length), () => mask);
        const heads = sent.map((frame) => (frame.length > 70_000 ? 14 : 6));
        expect(sent.map((frame, at) => frame.length - (heads[at] as number))).toEqual(frames);
        // The first says that it is text, and the last that it is the last.
        expect(sent.map((frame) => frame[0])).toEqual(
          sent.map((_, at) => (at === 0 ? 1 : 0) | (at === sent.length - 1 ? 0x80 : 0)),
        );
      }
    },
  },
  'messages of WebSocket': {
    limits: ['message-reader.ts subarray()', 'message-reader.ts short < 126', 'message-reader.ts short > 125'],
    run() {
      const server = (op: number, payload: Buffer, fin = true): Buffer => {
        const { length } = payload;
        const head =
          length < 126
            ? [length]
            : length < 65_536
              ? [126, length >> 8, length & 255]
              : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
        return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | op, ...head]), payload]);
      };
      const hear = (bytes: Buffer, size = bytes.length, longest?: number) => {
        const heard: string[] = [];
        const note = (kind: string) => (what: unknown) => void heard.push(`${kind} ${String(what)}`);
        const reader = new MessageReader(
          { onText: note('text'), onPing: note('ping'), onPong: () => {}, onClose: note('close') },
          longest,
        );
        for (const piece of cut(bytes, size)) reader.push(Buffer.from(piece));
        return heard;
      };
      for (const length of [0, 1, 124, 125, 126, 127, 65_535, 65_536]) {
        const bytes = Buffer.concat([server(1, Buffer.alloc(length, 'x')), server(9, Buffer.from('p'))]);
        for (const size of length < 200 ? [1, 2, 3, 5, bytes.length] : [4096, bytes.length])
          expect(hear(bytes, size)).toEqual([`text ${'x'.repeat(length)}`, 'ping p']);
      }
      expect(hear(server(9, Buffer.alloc(125, 'x')))).toEqual([`ping ${'x'.repeat(125)}`]);
      expect(() => hear(server(9, Buffer.alloc(126, 'x')))).toThrow('more than 125 bytes');
      // A message in fragments is as long as all of them.
      const parts = (...sizes: number[]) =>
        Buffer.concat(
          sizes.map((size, at) => server(at === 0 ? 1 : 0, Buffer.alloc(size, 'x'), at === sizes.length - 1)),
        );
      for (const sizes of [[100], [99], [60, 40], [100, 0], [0, 0, 100]])
        expect(hear(parts(...sizes), 7, 100)).toHaveLength(1);
      for (const sizes of [[101], [60, 41], [100, 1], [0, 101]])
        expect(() => hear(parts(...sizes), 7, 100)).toThrow('a message of more than 100 bytes');
    },
  },
  'codes that a server may close with': {
    limits: [],
    run() {
      const closed = (code: number) => {
        let heard: number | undefined;
        const reader = new MessageReader({
          ...{ onText: () => {}, onPing: () => {}, onPong: () => {} },
          onClose: (one) => {
            heard = one;
          },
        });
        reader.push(Buffer.from([0x88, 2, code >> 8, code & 255]));
        return heard;
      };
      const known = [
        ...numbers(15)
          .map((at) => 1000 + at)
          .filter((one) => ![1004, 1005, 1006].includes(one)),
        3000,
        4999,
      ];
      for (const code of known) expect(closed(code)).toBe(code);
      for (const code of [999, 1004, 1005, 1006, 1015, 2999, 5000]) expect(() => closed(code)).toThrow(`code ${code}`);
    },
  },
  'a queue of so many': {
    limits: ['notification-feed.ts feedCapacity', 'mcp-watch.ts keptEvents'],
    run() {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 5 }),
          fc.integer({ min: 0, max: 9 }),
          fc.nat(12),
          (most, heaviest, count) => {
            const queue = new BoundedQueue<number>(most, heaviest);
            let kept: number[] = [];
            for (const one of numbers(count)) {
              queue.push(one, (one % 3) + 1);
              kept.push(one);
              const weight = () => kept.reduce((sum, each) => sum + (each % 3) + 1, 0);
              while (kept.length > most || (weight() > heaviest && kept.length > 1)) kept = kept.slice(1);
              expect([queue.length, queue.dropped]).toEqual([kept.length, one + 1 - kept.length]);
            }
            expect(numbers(kept.length + 1).map(() => queue.shift())).toEqual([...kept, undefined]);
          },
        ),
      );
      const feed = new NotificationFeed(keepNothing, Number.POSITIVE_INFINITY);
      for (const count of numbers(10_001)) {
        feed.push({ method: 'x', payload: { count } } as never);
        if (count === 9999) expect(feed.dropped).toBe(0);
      }
      expect(feed.dropped).toBe(1);
      expect(feed.poll()).toMatchObject({ payload: { count: 1 } });
    },
  },
  'the newest of what is remembered': {
    limits: [],
    run() {
      for (const count of numbers(6)) {
        const set = new Set(numbers(count));
        keepNewest(set, 3);
        expect([...set]).toEqual(numbers(count).slice(-3));
      }
    },
  },
  'logins whose end nobody has asked for': {
    limits: ['login-completions.ts keptCompletions'],
    async run() {
      const logins = new LoginCompletions(keepNothing);
      for (const at of numbers(101)) logins.route(`${at}`, { at });
      const gone = AbortSignal.abort();
      await expect(logins.wait('0', gone)).rejects.toThrow('was aborted');
      for (const at of [1, 100]) expect(await logins.wait(`${at}`)).toEqual({ at });
    },
  },
  'sub-agents of sub-agents': {
    limits: ['sub-agents.ts remembered', 'sub-agents.ts depth < 16'],
    run() {
      const agents = new SubAgents();
      const adopt = (parent: string, child: string) =>
        agents.see(parent, 't', { type: 'subAgentActivity', agentThreadId: child });
      for (const at of numbers(20)) adopt(`${at}`, `${at + 1}`);
      expect([...agents.lineOf('20')].map(({ threadId }) => threadId)).toEqual(numbers(16).map((at) => `${20 - at}`));
      const many = new SubAgents();
      for (const at of numbers(10_001)) many.see('p', undefined, { type: 'subAgentActivity', agentThreadId: `${at}` });
      expect([many.workOf('0'), many.workOf('1'), many.workOf('10000')].map(Boolean)).toEqual([false, true, true]);
    },
  },
  'threads whose usage is remembered': {
    limits: ['turn-usage.ts rememberedThreads'],
    run() {
      const meter = new TurnUsageMeter();
      const tokenUsage = () => ({
        total: { inputTokens: 1, totalTokens: 1 },
        last: { inputTokens: 1, totalTokens: 1 },
      });
      for (const at of numbers(1001)) meter.see({ threadId: `${at}`, turnId: 't', tokenUsage: tokenUsage() });
      expect([meter.of('0', 't'), meter.of('1', 't'), meter.of('1000', 't')].map(Boolean)).toEqual([false, true, true]);
    },
  },
  'turns of others': {
    limits: ['turn-router.ts rememberedTurns', 'turn-router.ts foreignLimit', 'event-log.ts eventWeight'],
    run() {
      const keptTurns = (count: number, size: number, unreadLimit?: number) => {
        const router = new TurnRouter(keepNothing, unreadLimit);
        for (const at of numbers(count)) router.route(`${at}`, `th${at}`, turnEvent('turn/completed', `${at}`), size);
        return router.retained.turns;
      };
      for (const count of [999, 1000]) expect(keptTurns(count, 0)).toBe(count);
      expect(keptTurns(1001, 0)).toBe(1000);
      // Together eight mebibytes, an event counting 500 besides.
      const size = 2 * mebibyte - 500;
      expect([keptTurns(4, size), keptTurns(5, size), keptTurns(4, size + 1)]).toEqual([4, 4, 3]);
      expect([keptTurns(3, 500, 3000), keptTurns(3, 500, 2999)]).toEqual([3, 2]);
    },
  },
  'events that nobody reads': {
    limits: ['event-log.ts defaultUnreadLimit', 'turn-state.ts changesLimit'],
    run() {
      fc.assert(
        fc.property(fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }), fc.nat(5000), (sizes, most) => {
          const log = new EventLog<number>(most);
          const reader = log.read();
          let kept: number[] = [];
          for (const [at, size] of sizes.entries()) {
            log.append(at, size);
            kept.push(size + 500);
            while (kept.reduce((sum, one) => sum + one, 0) > most && kept.length > 1) kept = kept.slice(1);
            // For a reader that has lost its place, nothing more is kept.
            if (kept.length <= at) kept = [];
            expect([log.retained, log.weight]).toEqual([kept.length, kept.reduce((sum, one) => sum + one, 0)]);
          }
          const isWhole = kept.length === sizes.length;
          expect(reader.isLost).toBe(!isWhole);
          if (isWhole) expect(sizes.map(() => reader.take())).toEqual(sizes.map((_, at) => at));
          expect(reader.take()).toBe(undefined);
        }),
      );
      const progress = new TurnProgress();
      const reader = progress.changes.read();
      progress.take({ step: 'asked' });
      for (const at of numbers(999)) {
        progress.take(at % 2 === 0 ? { step: 'told' } : { step: 'request', id: 'r', awaits: 'input' });
        if (at % 2 === 1) progress.take({ step: 'resolved', id: 'r' });
      }
      expect([reader.isLost, progress.changes.retained]).toEqual([false, 1000]);
      progress.take({ step: 'request', id: 'r', awaits: 'input' });
      expect(reader.isLost).toBe(true);
    },
  },
  'pages of a list': {
    limits: [],
    async run() {
      const listed = async (answers: object[], first?: string | null) => {
        const asked: unknown[] = [];
        const fetch = async (cursor: string | undefined) => {
          asked.push(cursor);
          return (answers[asked.length - 1] ?? { data: ['too much'] }) as {
            data: string[];
            nextCursor?: string | null;
          };
        };
        return { found: await all(pages(first, fetch)), asked };
      };
      for (const nextCursor of [undefined, null]) {
        expect(await listed([{ data: [], nextCursor }])).toEqual({ found: [], asked: [undefined] });
        expect(await listed([{ data: ['a'], nextCursor }])).toEqual({ found: ['a'], asked: [undefined] });
      }
      // An empty page ends nothing, and an empty text is a cursor.
      const answers = [{ data: ['a', 'b'], nextCursor: '' }, { data: [], nextCursor: 'x' }, { data: ['c'] }];
      expect(await listed(answers)).toEqual({ found: ['a', 'b', 'c'], asked: [undefined, '', 'x'] });
      for (const first of [null, undefined]) expect((await listed([{ data: [] }], first)).asked).toEqual([undefined]);
      for (const first of ['', 'later']) expect((await listed([{ data: [] }], first)).asked).toEqual([first]);
      for (const again of ['', 'x'])
        await expect(
          listed([
            { data: [], nextCursor: again },
            { data: ['a'], nextCursor: again },
          ]),
        ).rejects.toThrow(`names the page ${again} as the one after itself`);
      const circle = [
        { data: [], nextCursor: 'a' },
        { data: [], nextCursor: 'b' },
        { data: [], nextCursor: 'a' },
      ];
      await expect(listed(circle)).rejects.toThrow('names the page a a second time');
      await expect(listed([{ data: null }])).rejects.toThrow('without the list data');
    },
  },
  'texts of errors': {
    limits: [
      'codex-error.ts longestMessage',
      'codex-error.ts longestAction',
      'python-text.ts longestQuote',
      'exec-errors.ts longestQuote',
      'connection-errors.ts longestLine',
      'server-requests.ts shortened()',
    ],
    run() {
      const text = (length: number) => `${'x'.repeat(length - 1)}y`;
      const cutAt = (longest: number, length: number) =>
        length <= longest ? text(length) : `${'x'.repeat(longest)}… (${length} characters)`;
      const lengths = (longest: number) => [longest - 1, longest, longest + 1];
      for (const length of lengths(16_384)) expect(new CodexError(text(length)).message).toBe(cutAt(16_384, length));
      for (const length of lengths(200)) {
        expect(new CodexError('', { action: text(length) }).action).toBe(cutAt(200, length));
        expect(JSON.stringify(safeAnswer(text(length)))).toContain(`does not answer ${cutAt(200, length)}"`);
      }
      for (const length of lengths(500)) {
        expect(invalidItem('event', text(length)).message).toBe(`Invalid event: ${cutAt(500, length)}`);
        const exit = { exitCode: 1, signal: null, stderrTail: `error: ${text(length - 7)}` };
        expect(exitText(exit).includes('characters)')).toBe(length > 500);
      }
      // With its quotes.
      for (const length of [1997, 1998]) expect(quoted(text(length))).toBe(`'${text(length)}'`);
      expect(quoted(text(1999))).toBe(`'${'x'.repeat(1998)}y… (2001 characters)`);
      expect(quoted('x'.repeat(5000))).toBe(`'${'x'.repeat(1999)}… (5002 characters)`);
      expect(literal(['x'.repeat(1996)])).toBe(`['${'x'.repeat(1996)}']`);
      expect(literal(['x'.repeat(1997)])).toBe(`['${'x'.repeat(1997)}'…`);
      for (const cut of [
        new CodexError(`${'x'.repeat(16_383)}${emoji}`).message,
        quoted(`${'x'.repeat(1998)}${emoji}`),
      ])
        expect(/\p{Surrogate}/u.test(cut)).toBe(false);
    },
  },
  'what a model is told': {
    limits: [
      'issue-text.ts mostIssues',
      'issue-text.ts longestIssue',
      'server-requests.ts longestFailure',
      'tool-calls.ts longestOutput',
    ],
    run() {
      const issues = (count: number) => numbers(count).map((at) => ({ path: [at], message: 'no' }));
      const text = (count: number) => issueText(issues(count)).split('\n');
      expect([text(1), text(19).length, text(20).length]).toEqual([['- [0]: no'], 19, 20]);
      expect([text(21).length, text(21).slice(-2)]).toEqual([21, ['- [19]: no', '- and 1 more']]);
      const one = (length: number) => issueText([{ path: [], message: 'x'.repeat(length - 2) }]);
      for (const length of [499, 500]) expect(one(length)).toHaveLength(length);
      expect(one(501)).toBe(`- ${'x'.repeat(498)}… (501 characters)`);
      const said = (length: number) => (failure('x'.repeat(length)).items[0] as { text: string }).text;
      for (const length of [3999, 4000]) expect(said(length)).toHaveLength(length);
      expect(said(4001)).toBe(`${'x'.repeat(4000)}… (4001 characters)`);
      const shown = (output: string) => (outputContent(output)[0] as { content: { text: string } }).content.text;
      for (const length of [29_999, 30_000])
        expect(shown('x'.repeat(length))).toBe(`\`\`\`\n${'x'.repeat(length)}\n\`\`\``);
      expect(shown(`a${'x'.repeat(30_000)}`)).toBe(`\`\`\`\n…${'x'.repeat(30_000)}\n\`\`\``);
      expect(shown(`${emoji}${'x'.repeat(29_999)}`)).toBe(`\`\`\`\n…${'x'.repeat(29_999)}\n\`\`\``);
    },
  },
  'names and texts that are given': {
    limits: [
      'clean-name.ts longest',
      'tool.ts longestName',
      'goal-control.ts objectiveLimit',
      'engine-words.ts word.length <= 64',
    ],
    run() {
      for (const letter of ['x', 'é', '€', emoji])
        for (const length of [179, 180, 181, 184]) {
          const size = Buffer.byteLength(letter);
          const name = cleanName(`${'a'.repeat(length % size)}${letter.repeat(Math.floor((length - 4) / size))}.png`);
          expect(name.endsWith('.png')).toBe(true);
          expect(/\p{Surrogate}|\ufffd/u.test(name)).toBe(false);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
        }
      expect(cleanName('x'.repeat(180))).toHaveLength(180);
      expect(cleanName('x'.repeat(181))).toHaveLength(180);
      const named = (length: number) => () =>
        tool({ name: 'x'.repeat(length), description: '', inputSchema: {}, execute: () => '' });
      for (const length of [1, 127, 128]) expect(named(length)).not.toThrow();
      for (const length of [0, 129]) expect(named(length)).toThrow('a name of');
      for (const letter of ['x', emoji]) {
        for (const length of [1, 3999, 4000])
          expect(goalObjective(` ${letter.repeat(length)} `)).toHaveLength(length * letter.length);
        expect(() => goalObjective(letter.repeat(4001))).toThrow('at most 4000 characters');
      }
      const word = (length: number) => `${'x'.repeat(length - 8)}overload`;
      expect([63, 64, 65].map((length) => saysOverloaded(word(length)))).toEqual([true, true, false]);
    },
  },
  'schemas of outputs': {
    limits: [
      'strict-schema.ts deepest',
      'schema-limits.ts most.properties',
      'schema-limits.ts most.levels',
      'schema-limits.ts most.enumValues',
      'schema-limits.ts most.characters',
      'schema-limits.ts most.largeEnum.values',
      'schema-limits.ts most.largeEnum.characters',
    ],
    run() {
      const takes = (schema: object) => {
        try {
          checkLimits(schema as never);
          return true;
        } catch {
          return false;
        }
      };
      const around = (limit: number, make: (count: number) => object) =>
        [limit - 1, limit, limit + 1].map((count) => takes(make(count)));
      const properties = (count: number, name = (at: number) => `${at}`) => ({
        properties: Object.fromEntries(numbers(count).map((at) => [name(at), {}])),
      });
      const taken = [true, true, false];
      expect(around(5000, (count) => properties(count))).toEqual(taken);
      const nested = (levels: number): object => (levels === 0 ? {} : { properties: { a: nested(levels - 1) } });
      expect(around(10, nested)).toEqual(taken);
      expect(around(1000, (count) => ({ enum: numbers(count) }))).toEqual(taken);
      expect(around(120_000, (count) => ({ const: 'x'.repeat(count) }))).toEqual(taken);
      expect(around(120_000, (count) => properties(1, () => 'x'.repeat(count)))).toEqual(taken);
      const texts = (count: number, characters: number) => ({
        enum: ['x'.repeat(characters - (count - 1)), ...numbers(count - 1).map(() => 'y')],
      });
      expect(around(15_000, (characters) => texts(251, characters))).toEqual(taken);
      expect(around(250, (count) => texts(count, 15_001))).toEqual(taken);
      const arrays = (levels: number): object =>
        levels === 0 ? { type: 'string' } : { type: 'array', items: arrays(levels - 1) };
      const levels = [197, 198, 199, 200, 201, 202].map((count) => {
        try {
          strictSchema(arrays(count));
          return count;
        } catch {
          return 0;
        }
      });
      expect(levels.filter(Boolean).at(-1)).toBe(200);
    },
  },
  'the pieces of a file': {
    limits: ['source.ts pieceSize'],
    async run() {
      const folder = mkdtempSync(join(tmpdir(), 'limits-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const size = 256 * 1024;
      for (const length of [0, 1, size - 1, size, size + 1, 2 * size]) {
        const bytes = Buffer.from(numbers(length).map((at) => at % 251));
        const path = join(folder, 'file');
        writeFileSync(path, bytes);
        for (const source of [path, bytes, new Blob([bytes])]) {
          const opened = await openSource(source, undefined);
          const pieces: Buffer[] = [];
          // A piece is only good until the next one is asked for.
          for await (const piece of { [Symbol.asyncIterator]: () => opened.pieces() })
            pieces.push(Buffer.from(piece as Uint8Array));
          await opened.close();
          expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
          if (!(source instanceof Blob)) expect(pieces.every((piece) => piece.length <= size)).toBe(true);
        }
      }
    },
  },
  'the stored beginning of a thread': {
    limits: ['open-with-tools.ts longestHead', 'open-with-tools.ts size'],
    async run() {
      const folder = mkdtempSync(join(tmpdir(), 'limits-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const path = join(folder, 'rollout');
      const kept = async (length: number, end = '\n{}\n') => {
        const line = (pad: string) => JSON.stringify({ payload: { id: 'th', dynamic_tools: [{ name: 'x' }], pad } });
        writeFileSync(path, line('p'.repeat(length - line('').length)) + end);
        return await keptTools({ id: 'th', path });
      };
      for (const length of [100, 65_535, 65_536, 65_537, 4 * mebibyte - 1]) expect(await kept(length)).toEqual(['x']);
      expect(await kept(4 * mebibyte + 1)).toBe(undefined);
      expect(await kept(100, '')).toEqual(['x']);
    },
  },
  'what an exec engine says ahead of its reader': {
    limits: ['output-reader.ts readAhead'],
    async run() {
      const stream = new PassThrough();
      const reader = new OutputReader(stream, new Promise(() => {}));
      const settle = () => new Promise((resolve) => setImmediate(resolve));
      for (const at of numbers(17)) {
        expect(stream.isPaused()).toBe(at >= 16);
        stream.write(`${at}`);
        await settle();
      }
      stream.end();
      const said: string[] = [];
      for (let chunk = await reader.next(); chunk; chunk = await reader.next()) said.push(String(chunk));
      expect(said).toEqual(numbers(17).map(String));
      for (const count of numbers(4)) {
        const batches = async function* batches() {
          yield batchOf(numbers(count), (at) => ({ at }));
        };
        expect(await all(fromBatches(batches()))).toEqual(numbers(count).map((at) => ({ at })));
      }
    },
  },
  'turns, tools and logins that are remembered': {
    limits: [
      'turn-contexts.ts rememberedTurns',
      'thread-tools.ts remembered',
      'mcp-watch.ts keptLogins',
      'mcp-watch.ts shortestSecret',
      'supervisor.ts keptEarly',
    ],
    async run() {
      const contexts = new TurnContexts();
      for (const at of numbers(1001)) {
        const start = contexts.begin(`th${at}`);
        start.named(`${at}`);
        start.end();
      }
      expect(['0', '1', '1000'].map((id) => contexts.of(undefined, id)).map(Boolean)).toEqual([false, true, true]);
      const tools = new ThreadTools();
      for (const at of numbers(10_001)) tools.bind(`${at}`, []);
      expect(['0', '1', '10000'].map((id) => tools.reportOf(id)).map(Boolean)).toEqual([false, true, true]);

      const watch = new McpWatch(keepNothing);
      const logins = numbers(101).map((at) => watch.expectLogin(`${at}`));
      for (const at of [0, 1, 100]) watch.see('mcpServer/oauthLogin/completed', { name: `${at}`, success: true });
      for (const at of [1, 100]) expect(await logins[at]?.wait(undefined)).toMatchObject({ name: `${at}` });
      await expect(Promise.race([logins[0]?.wait(undefined), Promise.resolve('waits')])).resolves.toBe('waits');

      const hiding = new McpWatch(keepNothing);
      const reader = hiding.read(undefined);
      hiding.hide(['five5', 'sixsix']);
      const failed = { threadId: 'th', name: 'lab', status: 'failed', error: 'five5 sixsix' };
      hiding.see('mcpServer/startupStatus/updated', failed);
      expect(reader.poll()).toMatchObject({ value: { error: 'five5 <redacted:secret>' } });

      const told: string[] = [];
      const request = async () => ({ data: [{ name: 'lab', runtimeStatus: 'failed' }], nextCursor: null });
      const supervisor = new McpSupervisor({ tell: ({ threadId }) => void told.push(String(threadId)), request });
      for (const at of numbers(101))
        supervisor.see('x', { threadId: `${at}` }, { type: 'failed', server: 'lab', threadId: `${at}` } as never);
      for (const threadId of ['0', '1', '100']) {
        supervisor.watch(threadId, new Map([['lab', restartPolicy({ max: 0, checkEveryMs: 0 })]]));
        supervisor.suspect(threadId);
      }
      await new Promise((resolve) => setImmediate(resolve));
      // Of the oldest it is not known any more that its start has failed.
      expect(told).toEqual(['0']);
    },
  },
  'texts that look like secrets': {
    limits: [
      'error-text.ts shortest',
      'secret-forms.ts value.length >= 4',
      'secret-forms.ts value.length >= 8',
      'secret-forms.ts value.length >= 16',
      'secret-forms.ts value.length >= 6',
      'secret-forms.ts text.length < 6',
      'secret-forms.ts text.length <= 64',
    ],
    run() {
      const taken = (text: string) => redactText(text) !== text;
      expect(['password: 123', 'password: 1234'].map(taken)).toEqual([false, true]);
      expect(['token=abcdefg', 'token=abcdefgh'].map(taken)).toEqual([false, true]);
      expect(['token: abc1d', 'token: abc1de'].map(taken)).toEqual([false, true]);
      expect([`token: ${'a'.repeat(15)}`, `token: ${'a'.repeat(16)}`].map(taken)).toEqual([false, true]);
      expect(['//:p@h', 'PW=abc'].map(taken)).toEqual([true, false]);
      // What was found clean stays so, and what is longer than is remembered too.
      for (const length of [63, 64, 65]) {
        const text = `key ${'x '.repeat(length)}`.slice(0, length);
        expect([redactText(text), redactText(text)]).toEqual([text, text]);
      }
      onTestFinished(() => {
        delete process.env['LIMITS_TOKEN'];
      });
      for (const [value, said] of [
        ['seven77', 'it was seven77'],
        ['eight888', 'it was <redacted:secret>'],
      ] as const) {
        process.env['LIMITS_TOKEN'] = value;
        expect(errorText(new Error(`it was ${value}`))).toBe(said);
      }
    },
  },
  'numbers that a double holds': {
    limits: ['exact-number.ts token.length <= 15', 'exact-number.ts exponent.length > 1000'],
    run() {
      for (const digits of [14, 15, 16, 17])
        for (const token of ['9'.repeat(digits), `-${'9'.repeat(digits)}`, `1${'0'.repeat(digits - 1)}`])
          expect(String(numberOf(token)), token).toBe(token);
      expect(numberOf('9'.repeat(15))).toBe(999_999_999_999_999);
      expect(numberOf('9'.repeat(17))).toBeInstanceOf(ExactNumber);
      for (const length of [999, 1000, 1001])
        expect(sameNumber(numberOf(`1e${'9'.repeat(length)}`), numberOf('1'))).toBe(false);
    },
  },
  'deltas of a text, as bytes': {
    limits: [],
    async run() {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom('a', '€', emoji, '\n'), { maxLength: 8 }),
          fc.array(fc.nat(20)),
          async (letters, cuts) => {
            const text = letters.join('');
            // Cut anywhere, in the middle of an emoji too.
            const places = [0, ...cuts.map((one) => one % (text.length + 1)).sort((a, b) => a - b), text.length];
            const values = async function* values() {
              for (const [at, place] of places.entries()) yield text.slice(places[at - 1] ?? 0, place);
            };
            const chunks = await all(byteStream(values(), () => {}) as never as AsyncIterable<Uint8Array>);
            expect(Buffer.concat(chunks).toString()).toBe(text);
            expect(chunks.every(({ length }) => length > 0)).toBe(true);
          },
        ),
      );
    },
  },
};

/** Limits that a test elsewhere tries: by its file, and the beginning of its title. */
const elsewhere: Readonly<Record<string, string>> = {
  'reconnect.ts attempts': "scripts/limits/options.test.ts › 'ReconnectPolicy.attempts'",
  'reconnect.ts backoffMs': "scripts/limits/options.test.ts › 'ReconnectPolicy.backoffMs'",
  'reconnect.ts maxBackoffMs': "scripts/limits/options.test.ts › 'ReconnectPolicy.maxBackoffMs'",
  'websocket-transport.ts defaultConnectTimeoutMs': "scripts/limits/options.test.ts › 'AttachOptions.connectTimeoutMs'",
  'websocket-transport.ts defaultHeartbeatMs': "scripts/limits/options.test.ts › 'AttachOptions.heartbeatMs'",
  'auto-run.ts defaultMaxTurns': "scripts/limits/options.test.ts › 'AutoRunOptions.maxTurns'",
  'auto-run.ts endMs': 'scripts/limits/inner-times.test.ts › an automatic run that is stopped waits 12 seconds',
  'run-command.ts defaultLimit':
    'sdk/client/auto-run/command-succeeds.process.test.ts › of an output the last characters are told',
  'run-command.ts longestSecret':
    'sdk/client/auto-run/command-succeeds.process.test.ts › of an output the last characters are told',
  'config.ts defaultRequestTimeoutMs': "scripts/limits/options.test.ts › 'CodexConfig.requestTimeoutMs'",
  'goal-control.ts startTimeoutMs': "scripts/limits/options.test.ts › 'GoalOptions.startTimeoutMs'",
  'goal-control.ts cancelTimeoutMs': 'scripts/limits/inner-times.test.ts › a goal that is given up has 10 seconds',
  'engine-schema.ts probeTimeoutMs':
    'scripts/limits/inner-times.test.ts › a program that is run to its end has its time',
  'turn-stops.ts stopTimeoutMs':
    'sdk/client/turn-stops.test.ts › an engine that leaves the interrupt unanswered holds the thread for ten seconds at most',
  'retry-on-overload.ts maxAttempts': "scripts/limits/options.test.ts › 'RetryOptions.maxAttempts'",
  'retry-on-overload.ts initialDelayMs': "scripts/limits/options.test.ts › 'RetryOptions.initialDelayMs'",
  'retry-on-overload.ts maxDelayMs': "scripts/limits/options.test.ts › 'RetryOptions.maxDelayMs'",
  'exec-process.ts graceMs.SIGINT': 'scripts/limits/inner-times.test.ts › an exec engine has 3 seconds after SIGINT',
  'exec-process.ts graceMs.SIGTERM': 'scripts/limits/inner-times.test.ts › an exec engine has 3 seconds after SIGINT',
  'output-reader.ts pipeGraceMs': 'scripts/limits/inner-times.test.ts › the pipes of an exec engine',
  'remote.ts helpMs': 'scripts/limits/inner-times.test.ts › an exec engine has half a minute to print its help',
  'media-type.ts tellingBytes': 'sdk/files/staging.test.ts › the type is told by the first bytes',
  'open-hooks.ts relayGraceMs': "scripts/limits/options.test.ts › 'HookOptions.timeoutMs'",
  'open-hooks.ts engineGraceSeconds': "scripts/limits/options.test.ts › 'HookOptions.timeoutMs'",
  'options.ts defaultTimeoutMs': "scripts/limits/options.test.ts › 'HookOptions.timeoutMs'",
  'options.ts longestTimeoutMs': "scripts/limits/options.test.ts › 'HookOptions.timeoutMs'",
  'deadline.ts graceMs': 'sdk/host/deadline.test.ts › a program that was busy past the time waits for as long again',
  'real-timers.ts longestTimerMs': 'scripts/limits/virtual-clock.ts › A timer takes 31 bits',
  'restart.ts onCrash.max': "scripts/limits/options.test.ts › 'McpRestartPolicy.max'",
  'restart.ts onCrash.backoffMs': "scripts/limits/options.test.ts › 'McpRestartPolicy.backoffMs'",
  'restart.ts onCrash.checkEveryMs': "scripts/limits/options.test.ts › 'McpRestartPolicy.checkEveryMs'",
  'supervisor.ts longestBackoffMs': "scripts/limits/options.test.ts › 'McpRestartPolicy.backoffMs'",
  'connection.ts defaultUnsentLimit': "scripts/limits/options.test.ts › 'CodexConfig.unsentLimit'",
  'run-tool.ts defaultTimeoutMs': "scripts/limits/options.test.ts › 'ToolOptions.timeoutMs'",
  'engine-processes.ts ownEndMs': 'scripts/limits/inner-times.test.ts › what an engine has started has 200 ms',
  'engine-processes.ts exitGraceMs': 'scripts/limits/inner-times.test.ts › what an engine has started has 200 ms',
  'engine-processes.ts killMs': 'scripts/limits/inner-times.test.ts › what an engine has started has 200 ms',
  'engine-processes.ts pollMs': 'scripts/limits/inner-times.test.ts › what an engine has started has 200 ms',
  'line-codec.ts quotedCharacters': 'sdk/transport/line-codec.test.ts › of a long line that the end cuts off',
  'stdio.ts exitGraceMs': 'scripts/limits/inner-times.test.ts › an engine has 2 seconds after SIGTERM',
  'stdio.ts pipeGraceMs': 'scripts/limits/inner-times.test.ts › is given up after half a second',
};

/** Limits of which the table of constants holds the number, and no test the edge. */
const held: readonly string[] = [
  'sessions.ts endTimeoutMs',
  'conversations.ts remembered',
  'running-turn.ts graceMs',
  'request-broker.ts remembered',
  'upgrade.ts longestBody',
  'websocket-transport.ts closeGraceMs',
  'websocket-transport.ts longestLine',
  'run-command.ts drainMs',
  'lazy-session.ts reopened',
  'lazy-session.ts attempts',
  'turn-stops.ts knownTurns',
  'callers-line.ts siteFrames',
  'staging.ts defaultMaxBytes',
  'open-hooks.ts longestMessage',
  'loopback-server.ts tokenBytes',
  'mcp-watch.ts keptSecrets',
  'restart.ts value <= 2 ** 31 - 1',
  'strict-schema.ts text.length > 80',
  'secret-forms.ts clean.size < 10_000',
  'secret-names.ts name.length > 100',
  'secret-names.ts known.size < 10_000',
  'incoming-message.ts longestKey',
  'log-sink.ts depth > 8',
  'open-telemetry.ts remembered',
  'line-codec.ts subarray()',
  'process-list.ts batch',
  'tee.mjs drainMs',
  'golden-file.ts row.length > 120',
  'listen.ts graceMs',
  'nearest.ts name.length <= 3',
  'played-engine.ts endMs',
  'known-secrets.ts shortest',
  'known-secrets.ts word.length >= 16',
  'known-secrets.ts secret.length >= 8',
  'record.ts endMs',
  'redactor.ts facts.host.length < 4',
  'lock-file.mjs heartbeatMs',
  'lock-file.mjs silentMs',
  'lock-file.mjs pollMs',
  'npm-package.mjs progressMs',
  'read-tarball.mjs block',
  'read-tarball.mjs maxMeta',
  'read-tarball.mjs at >= 148',
  'read-tarball.mjs at < 156',
  'read-tarball.mjs subarray()',
  'run-child.mjs graceMs',
  'run-child.mjs tailLines',
  'verify-engine.mjs tickMs',
];

test.each(Object.entries(edges))('%s', async (_, { run }) => void (await run()));

const bounded = ['milliseconds', 'seconds', 'bytes', 'characters', 'weight', 'entries', 'lines', 'levels'];

test('every limit of the table is tried', async () => {
  const limits = Object.entries(constants).flatMap(([file, rows]) =>
    rows.filter(([, , unit]) => bounded.includes(unit)).map(([name]) => `${file.split('/').at(-1)} ${name}`),
  );
  const tried = [...Object.values(edges).flatMap((edge) => edge.limits), ...Object.keys(elsewhere), ...held];
  // How much of a value an error quotes decides nothing.
  const open = limits.filter((name) => !tried.includes(name) && !name.endsWith(' slice()'));
  expect(open, 'try the edges of new limits in scripts/limits/edges.test.ts').toEqual([]);
  expect(tried.filter((name) => !limits.includes(name))).toEqual([]);
  for (const [name, place] of Object.entries(elsewhere)) {
    const [file = '', title = ''] = place.split(' › ');
    expect(await readFile(join(import.meta.dirname, '../..', file), 'utf8'), name).toContain(title);
  }
});
