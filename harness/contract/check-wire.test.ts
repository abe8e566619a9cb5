import { expect, test } from 'vitest';
import { WireChecker, type WireLine } from './check-wire.ts';
import { loadContract } from './load-contract.ts';

const checker = new WireChecker(await loadContract());
const out = (msg: unknown): WireLine => ({ dir: 'out', msg });
const into = (msg: unknown): WireLine => ({ dir: 'in', msg });
const found = (lines: WireLine[], engine: 'real' | 'fake' = 'real'): string[] =>
  checker.checkWire(lines, { engine }).map(({ line, blame, method, path }) => `${line} ${blame} ${method} ${path}`);
const ask = {
  id: 's1',
  method: 'item/fileChange/requestApproval',
  params: { itemId: 'i', startedAtMs: 1, threadId: 't', turnId: 'u' },
};

test('a sound conversation has no findings', () => {
  expect(
    found([
      out({ id: 1, method: 'initialize', params: { clientInfo: { name: 'c', version: '1' } } }),
      into({ id: 1, result: { codexHome: '/h', platformFamily: 'unix', platformOs: 'linux', userAgent: 'x' } }),
      out({ method: 'initialized' }),
      out({ id: 2, method: 'account/logout' }),
      into({ method: 'warning', params: { message: 'unasked', later: 'field' } }),
      into({ id: 2, error: { code: -32600, message: 'no' } }),
      out({ id: 3, method: 'account/rateLimits/read' }),
      into(ask),
      out({ id: 's1', result: { decision: 'decline' } }),
    ]),
  ).toEqual([]);
});

test('the client is blamed for what it says', () => {
  expect(
    found([
      out({ id: 1, method: 'thread/stat', params: {} }),
      out({ id: 2, method: 'turn/start', params: { threadId: 't', input: [{ type: 'image', url: 1 }] } }),
      out({ id: 3, method: 'turn/start' }),
      out({ id: 3, method: 'model/list', params: {} }),
      out({ id: 4.5, method: 'model/list', params: {} }),
      out({ method: 'initialised' }),
      into(ask),
      out({ id: 's1', result: { decision: 'yes please' } }),
      out({ id: 's1', result: { decision: 'decline' } }),
      { dir: 'out', raw: '{' },
    ]),
  ).toEqual([
    '0 client thread/stat /method',
    '1 client turn/start /params/input/0/url',
    '2 client turn/start /params',
    '3 client model/list /id',
    '4 client model/list /id',
    '5 client initialised /method',
    '7 client item/fileChange/requestApproval /result/decision',
    '8 client null /id',
    '9 client null ',
  ]);
});

test('the engine, real or fake, is blamed for what it says, and the harness for a broken log', () => {
  const lines = [
    out({ id: 1, method: 'account/logout' }),
    into({ id: 1, error: { code: 'E', message: 'x' } }),
    into({ id: 1, result: {} }),
    out({ id: 2, method: 'thread/name/set', params: { threadId: 't', name: 'n' } }),
    into({ id: 2, result: {}, error: { code: 1, message: '' } }),
    into({
      method: 'item/completed',
      params: { threadId: 't', turnId: 'u', completedAtMs: 1, item: { type: 'haiku', id: 'i' } },
    }),
    into({
      method: 'item/completed',
      params: { threadId: 't', turnId: 'u', completedAtMs: 1, item: { type: 'agentMessage', id: 'i' } },
    }),
    into([]),
    { dir: 'in' as const },
  ];
  const wanted = (who: string): string[] => [
    `1 ${who} account/logout /error/code`,
    `2 ${who} null /id`,
    `4 ${who} thread/name/set `,
    `5 ${who} item/completed /params/item/type`,
    `6 ${who} item/completed /params/item`,
    `7 ${who} null `,
    '8 harness null ',
  ];
  expect(found(lines)).toEqual(wanted('engine'));
  expect(found(lines, 'fake')).toEqual(wanted('fake'));
});

test('nobody is blamed for what a script says wrong on purpose, nor for the answer to it', () => {
  const wrong = (msg: unknown): WireLine => ({ dir: 'in', msg, wrong: true });
  const lines = [
    out({ id: 1, method: 'account/logout' }),
    wrong({ id: 'nobody', result: {} }),
    { dir: 'in' as const, raw: 'garbage', wrong: true as const },
    wrong({ id: null, method: 'mystery/ask' }),
    out({ id: null, result: {} }),
    wrong({ id: 1, result: [] }),
  ];
  expect(found(lines, 'fake')).toEqual([]);
  const meant = lines.map(({ wrong: _wrong, ...line }: WireLine) => line);
  expect(found(meant, 'fake').map((finding) => finding.split(' ', 2).join(' '))).toEqual([
    '1 fake',
    '2 fake',
    '3 fake',
    '4 client',
    '5 fake',
  ]);
  // Only the one answer to it is passed over.
  expect(found([...lines, out({ id: null, result: {} })], 'fake')).toEqual(['6 client null /id']);
});

test('a script may play any engine of the window: only what is wrong for each of them is found', async () => {
  const older = await loadContract('0.163.0');
  const newest = new WireChecker(await loadContract('0.171.0'), [older]);
  const review = (delivery: string) => ({ threadId: 't', delivery, target: { type: 'uncommittedChanges' } });
  const lines = [
    out({ id: 1, method: 'review/start', params: review('detached') }),
    out({ id: 2, method: 'review/start', params: review('somewhere') }),
    into({ id: 's', method: 'currentTime/read', params: { threadId: 't' } }),
  ];
  const found = (scripted: boolean) => newest.checkWire(lines, { engine: 'fake', scripted }).map(({ line }) => line);
  expect(found(false)).toEqual([0, 1, 2]);
  expect(found(true)).toEqual([1]);
});
