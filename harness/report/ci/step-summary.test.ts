import { expect, test } from 'vitest';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import { event, SampleRun } from '../test-fixtures/sample-run.ts';
import { renderStepSummary } from './step-summary.ts';

const placeOf = () => ({ file: 'fixtures/scenarios/turns/one.yaml', line: 12 });

const entry: LedgerEntry = {
  id: 'later',
  scenario: 'turns/two',
  clients: ['ts'],
  path: 'event:turn/started/payload/late',
  kind: 'idiom',
  reason: 'It may be late.',
  evidence: 'turns/two',
  line: 3,
};

function sample(): SampleRun {
  const run = new SampleRun();
  run.ledger.push(entry, { ...entry, id: 'other', kind: 'upstream' });
  for (const scenario of ['turns/one', 'turns/two']) {
    run.golden(scenario, [event('turn/started', {})]);
    run.cell({ scenario, client: 'python', engine: 'real' }, [event('turn/started', {})]);
  }
  run.cell({ scenario: 'turns/two', client: 'ts', engine: 'real' }, [event('turn/started', { late: true })]);
  return run;
}

test('it says verdict, totals, known differences, coverage and the platforms that nobody ran', () => {
  const run = sample();
  const text = renderStepSummary({ summary: run.summary(), results: run.results, ledger: run.ledger, placeOf });
  for (const line of [
    '## 🟡 Parity of a part: 1 cells of ours compared, 0 equal, 1 known differences',
    '- **ts against its reference**: 1 compared, 0 equal, 1 known difference, 1 of the 1 on the real engine',
    '- official clients against their recordings: 2 compared, 2 equal, 0 known differences, 2 of the 2 on the real engine',
    '0 % of ours match before the ledger, 0 % without what is not ours or safer on purpose.',
    '| app-server | python | real | 2 | 0 | 0 | 0 | 0 |',
    '| app-server | ts | real | 0 | 1 | 0 | 0 | 0 |',
    '| linux | part | 3 | 0 |',
    '| darwin | not run |  |  |',
    '| win32 | not run |  |  |',
    '| idiom | 1 | 1 |',
    '| upstream | 1 | 0 |',
    '| notifications | 61 | 60 | 85 | 1 |',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).not.toContain('What differs');
});

test('each failing cell stands with its place, its first difference, whose it is, and how to run it again', () => {
  const run = sample();
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, [event('turn/started', { late: 1, odd: 2 })]);
  const text = renderStepSummary({ summary: run.summary(), results: run.results, ledger: run.ledger, placeOf });
  expect(text).toContain('## ❌ Parity of a part: 1 failed; 2 cells of ours compared, 0 equal, 1 known differences');
  expect(text).toContain(`### What differs

- **mismatch** \`turns/one\`, ts on real, \`fixtures/scenarios/turns/one.yaml:12\`
  - changed \`event:turn/started/payload/late\`, lane \`user/events\`, SDK difference, and 1 more
  - golden \`(absent)\`
  - client \`1\`
  - again \`npm run parity -- rerun turns/one/ts/real\`
`);
});

test('hostile content stays in its line, as text', () => {
  const run = sample();
  const reason = '</code></summary>\n\n# owned\n| a | b |\n`::error::x` <img src=x onerror=alert(1)>';
  run.unjudged({ scenario: 'turns/one', client: 'ts', engine: 'real', verdict: 'could-not-run', reason });
  const summary = { ...run.summary(), ledger: { entries: 2, problems: ['a|b\n<script>'] } };
  const text = renderStepSummary({ summary, results: run.results, ledger: run.ledger, placeOf });
  expect(text).not.toMatch(/^(?:::|# )/m);
  // Markup stands in code alone, and nothing closes that.
  expect(text.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '')).not.toMatch(/[<`]/);
  expect(text).toContain('- ledger `a|b <script>`');
});

test('of many failing cells it shows some, and says so', () => {
  const run = sample();
  for (let round = 1; round <= 30; round += 1)
    run.unjudged({ scenario: 'turns/one', client: 'ts', engine: 'real', round, verdict: 'could-not-run', reason: 'x' });
  const text = renderStepSummary({ summary: run.summary(), results: run.results, ledger: run.ledger, placeOf });
  expect(text.match(/\*\*could-not-run\*\*/g)).toHaveLength(25);
  expect(text).toContain('- and 5 more cells, all in report.html');
});
