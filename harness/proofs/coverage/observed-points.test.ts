import { expect, it } from 'vitest';
import type { JsonValue } from '../../../testing/json/json.ts';
import { WireChecker } from '../../contract/check-wire.ts';
import { loadContract } from '../../contract/load-contract.ts';
import type { ObservationLine } from '../../observation/types.ts';
import type { Scenario } from '../../scenario/types.ts';
import { allPoints } from './all-points.ts';
import { type CoverageKind, splitPoint } from './kinds.ts';
import { CoverageReader } from './observed-points.ts';

const checker = new WireChecker(await loadContract());
const reader = new CoverageReader(checker);
const scenario: Scenario = { id: 's/s', title: 's', family: 'app-server', covers: [], steps: [] };
const out = (msg: JsonValue): ObservationLine => ({ t: 1, ch: 'wire.out', msg });
const heard = (msg: JsonValue, wrong?: true): ObservationLine => ({
  t: 1,
  ch: 'wire.in',
  msg,
  ...(wrong && { wrong }),
});

function covered(lines: ObservationLine[], ...kinds: CoverageKind[]): string[] {
  const points = [...reader.read(scenario, lines, 'real')].map(splitPoint);
  return points.flatMap(({ kind, name }) => (kinds.includes(kind) ? [`${kind} ${name}`] : [])).sort();
}

it('counts requests, answers and what they hold, each in its direction', () => {
  const lines = [
    out({ id: 'a', method: 'turn/interrupt', params: { threadId: 't', turnId: 'u' } }),
    out({ id: 'b', method: 'thread/start', params: { sandbox: 'read-only' } }),
    heard({ id: 'a', result: {} }),
    heard({ id: 'b', error: { code: -32600, message: 'no' } }),
    heard({ method: 'turn/completed', params: { threadId: 't', turn: { id: 'u', items: [], status: 'failed' } } }),
    heard({ id: 0, method: 'attestation/generate', params: {} }),
    out({ id: 0, result: { token: 'x' } }),
  ];
  expect(covered(lines, 'requests', 'answers', 'results', 'notifications', 'serverRequests', 'serverAnswers')).toEqual([
    'answers thread/start',
    'answers turn/interrupt',
    'notifications turn/completed',
    'requests thread/start',
    'requests turn/interrupt',
    'results turn/interrupt',
    'serverAnswers attestation/generate',
    'serverRequests attestation/generate',
  ]);
  expect(covered(lines, 'enumValuesOut', 'enumValuesIn', 'errorCodes')).toEqual([
    'enumValuesIn TurnStatus=failed',
    'enumValuesOut SandboxMode=read-only',
    'errorCodes -32600',
  ]);
  expect(covered(lines, 'fieldsOut')).toContain('fieldsOut AttestationGenerateResponse.token');
  expect(covered(lines, 'fieldsIn')).toContain('fieldsIn Turn.status');
  const known = new Set([...allPoints(checker.contract).values()].flatMap((points) => [...points]));
  expect([...reader.read(scenario, lines, 'real')].filter((point) => !known.has(point))).toEqual([]);
});

it('does not count a request that was refused before the method was looked at, nor what is wrong on purpose', () => {
  const ask = out({ id: 'a', method: 'thread/start', params: {} });
  const refused = heard({ id: 'a', error: { code: -32600, message: 'Invalid request: missing field `cwd`' } });
  expect(covered([ask, refused], 'requests', 'answers')).toEqual(['requests thread/start']);
  expect(covered([ask, heard({ id: 'a', result: {} }, true)], 'answers', 'results')).toEqual([]);
  expect(covered([heard({ method: 'warning', params: { message: 'x' } }, true)], 'notifications')).toEqual([]);
  const other = heard({ id: 'a', result: {} });
  expect(covered([ask, { t: 1, ch: 'argv', argv: [] }, other], 'answers')).toEqual([]);
});

it('has the totals of the contract', () => {
  const totals = allPoints(checker.contract);
  const sizes = (['requests', 'answers', 'notifications', 'serverRequests', 'items'] as const).map(
    (kind) => totals.get(kind)?.size,
  );
  expect(sizes).toEqual([189, 189, 87, 10, 19]);
});
