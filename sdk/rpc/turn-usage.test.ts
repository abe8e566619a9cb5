import { expect, test } from 'vitest';
import type { TokenUsageBreakdown } from '../protocol/index.ts';
import { addUsage, noUsage, spentBy, TurnUsageMeter } from './turn-usage.ts';

const tokens = (inputTokens: number, outputTokens = 0, more: Partial<TokenUsageBreakdown> = {}) => ({
  ...{ inputTokens, cachedInputTokens: 0, outputTokens, reasoningOutputTokens: 0 },
  ...{ totalTokens: inputTokens + outputTokens, cacheWriteInputTokens: 0, ...more },
});
/** What the engine makes of a context that it has compacted, or that is full: a number without input and output. */
const estimate = (totalTokens: number) => tokens(0, 0, { totalTokens });

type Breakdown = ReturnType<typeof tokens>;
interface Report {
  turn: string;
  total: Partial<Breakdown>;
  last: Partial<Breakdown>;
  thread?: string;
}
const report = ({ turn, total, last, thread = 'th' }: Report) => ({
  threadId: thread,
  turnId: turn,
  tokenUsage: { total, last, modelContextWindow: 1000 },
});

/** What the turn of the last report has used. */
function spent(...reports: Report[]) {
  const meter = new TurnUsageMeter();
  const payloads = reports.map(report);
  for (const payload of payloads) meter.see(payload);
  return spentBy(payloads.at(-1)?.tokenUsage ?? {});
}

const cases: Record<string, { reports: Report[]; usage: object }> = {
  'one request': { reports: [{ turn: 't', total: tokens(10, 2), last: tokens(10, 2) }], usage: tokens(10, 2) },
  'several requests': {
    reports: [
      { turn: 't', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 't', total: tokens(30, 5), last: tokens(20, 3) },
      { turn: 't', total: tokens(31, 6), last: tokens(1, 1) },
    ],
    usage: tokens(31, 6),
  },
  'a report again, as with the limits of the account': {
    reports: [
      { turn: 't', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 't', total: tokens(10, 2), last: tokens(10, 2) },
    ],
    usage: tokens(10, 2),
  },
  'a turn after another': {
    reports: [
      { turn: 'a', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 't', total: tokens(30, 5), last: tokens(20, 3) },
      { turn: 't', total: tokens(40, 6), last: tokens(10, 1) },
    ],
    usage: tokens(30, 4),
  },
  'a resumed thread of which nothing has been reported': {
    reports: [
      { turn: 't', total: tokens(510, 102), last: tokens(10, 2) },
      { turn: 't', total: tokens(515, 103), last: tokens(5, 1) },
    ],
    usage: tokens(15, 3),
  },
  'a report that was left out': {
    reports: [
      { turn: 't', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 't', total: tokens(60, 12), last: tokens(20, 4) },
    ],
    usage: tokens(60, 12),
  },
  'a compaction within a turn: its own request counts, the estimate of what is left does not': {
    reports: [
      { turn: 't', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 't', total: tokens(20, 4), last: tokens(10, 2) },
      { turn: 't', total: tokens(20, 4), last: estimate(7) },
      { turn: 't', total: tokens(28, 5), last: tokens(8, 1) },
    ],
    usage: tokens(28, 5),
  },
  'an estimate alone': { reports: [{ turn: 't', total: tokens(0), last: estimate(7) }], usage: noUsage() },
  'a full context, which replaces the total': {
    reports: [
      { turn: 't', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 't', total: estimate(1000), last: estimate(988) },
    ],
    usage: tokens(10, 2),
  },
  'a request after a full context': {
    reports: [
      { turn: 'a', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 'a', total: estimate(1000), last: estimate(988) },
      { turn: 't', total: tokens(5, 1, { totalTokens: 1006 }), last: tokens(5, 1) },
    ],
    usage: tokens(5, 1),
  },
  'a total that has fallen with its history': {
    reports: [
      { turn: 'a', total: tokens(100, 20), last: tokens(100, 20) },
      { turn: 't', total: tokens(15, 3), last: tokens(5, 1) },
    ],
    usage: tokens(5, 1),
  },
  'another thread meanwhile': {
    reports: [
      { turn: 't', total: tokens(10, 2), last: tokens(10, 2) },
      { turn: 'x', thread: 'other', total: tokens(900, 90), last: tokens(900, 90) },
      { turn: 't', total: tokens(30, 5), last: tokens(20, 3) },
    ],
    usage: tokens(30, 5),
  },
};

test.each(Object.entries(cases))('the usage of a turn: %s', (_, { reports, usage }) => {
  expect(spent(...reports)).toEqual({ turnId: 't', usage: { ...noUsage(), cacheWriteInputTokens: 0, ...usage } });
});

test('an engine without a field has none; a report that is none tells nothing', () => {
  const { cacheWriteInputTokens: _, ...older } = tokens(10, 2);
  expect(spent({ turn: 't', total: older, last: older })?.usage).toEqual(older);
  const meter = new TurnUsageMeter();
  for (const tokenUsage of [null, 7, [], {}, { total: 7, last: {} }, { total: {}, last: null }]) {
    meter.see({ threadId: 'th', turnId: 't', tokenUsage });
    if (typeof tokenUsage === 'object' && tokenUsage) expect(spentBy(tokenUsage)).toBeUndefined();
  }
  const broken = { total: { inputTokens: 'ten' }, last: { inputTokens: 3, outputTokens: 'x' } };
  meter.see({ threadId: 'th', turnId: 't', tokenUsage: broken });
  expect(spentBy(broken)?.usage.totalTokens).toBe(0);
});

test('usages are added field by field', () => {
  expect(addUsage(noUsage(), tokens(3, 4))).toEqual(tokens(3, 4));
  expect(addUsage(tokens(1, 2, { cachedInputTokens: 9 }), tokens(3, 4))).toEqual(
    tokens(4, 6, { cachedInputTokens: 9 }),
  );
});
