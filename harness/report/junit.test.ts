import { expect, test } from 'vitest';
import { renderJunit } from './junit.ts';
import { event, SampleRun } from './test-fixtures/sample-run.ts';

test('one suite for each client and engine, ours first, one case for each scenario, with what became of it', () => {
  const run = new SampleRun();
  run.golden('turns/one', [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'python', engine: 'real' }, [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, [event('turn/started', { late: true })]);
  const cell = { scenario: 'turns/two', client: 'ts', engine: 'real' } as const;
  run.unjudged({ ...cell, verdict: 'could-not-run', reason: 'the driver ended' });
  run.unjudged({ ...cell, round: 2, verdict: 'not-applicable', reason: 'needs cancel' });
  const files = new Map([['turns/two', 'fixtures/scenarios/turns/both.yaml']]);
  expect(
    renderJunit(run.results, { summary: { ...run.summary(), durationMs: 1500 }, files }),
  ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="parity; ts against its reference: 1 compared, 0 equal, 1 different, 0 known differences, 1 of the 1 on the real engine" tests="4" failures="1" errors="1" skipped="1" time="1.500">
  <testsuite name="ts on real" tests="3" failures="1" errors="1" skipped="1" time="0.360">
    <testcase name="turns/one" classname="ts on real" file="fixtures/scenarios/turns/one.yaml" time="0.120">
      <failure type="mismatch" message="changed: event:turn/started/payload/late">  event:turn/started/payload/late differs, lane user/events&#10;    golden: (absent)&#10;    client: true&#10;  again: npm run parity -- rerun turns/one/ts/real</failure>
    </testcase>
    <testcase name="turns/two" classname="ts on real" file="fixtures/scenarios/turns/both.yaml" time="0.120">
      <error type="could-not-run" message="the driver ended">the driver ended&#10;  again: npm run parity -- rerun turns/two/ts/real</error>
    </testcase>
    <testcase name="turns/two (round 2)" classname="ts on real" file="fixtures/scenarios/turns/both.yaml" time="0.120">
      <skipped message="needs cancel"/>
    </testcase>
  </testsuite>
  <testsuite name="python on real" tests="1" failures="0" errors="0" skipped="0" time="0.120">
    <testcase name="turns/one" classname="python on real" file="fixtures/scenarios/turns/one.yaml" time="0.120"/>
  </testsuite>
</testsuites>
`);
});

test('what an engine wrote cannot end its element, and what XML cannot hold is left out', () => {
  const run = new SampleRun();
  const reason = 'a\u001b[31m\u0000\ufffe\ud800</error>]]>&"\n\u{1f600}é';
  run.unjudged({ scenario: 'turns/one', client: 'ts', engine: 'real', verdict: 'could-not-run', reason });
  expect(renderJunit(run.results, { summary: run.summary() })).toContain(
    'message="a[31m&lt;/error&gt;]]&gt;&amp;&quot;&#10;\u{1f600}é">',
  );
});
