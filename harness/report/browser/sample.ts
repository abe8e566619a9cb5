import { event, request, SampleRun, wireIn } from '../test-fixtures/sample-run.ts';

const started = { turn: { id: '<turn-1>' } };
const opening = [
  request('thread/start', { input: 'hi' }),
  wireIn({ id: '<request-1>', result: { ok: true } }, 'answer thread/start'),
  wireIn({ method: 'turn/started', params: started }, 'turn/started'),
  event('turn/started', started),
];
const deltas = Array.from({ length: 10 }, (_, index) => event('item/agentMessage/delta', { delta: `part ${index}` }));
const closing = [
  event('item/completed', { item: { type: 'agentMessage', text: 'say hello' } }),
  event('turn/completed', { status: 'completed' }),
];
const steer = [...opening, ...deltas, ...closing];

/** Five cells: three that match or are known, one that differs in three ways, one that does not apply. */
export function sample(): SampleRun {
  const run = new SampleRun();
  run.ledger.push({
    id: 'client-name',
    scenario: 'threads/**',
    clients: ['ts'],
    path: 'wire.out:initialize/msg/params/name',
    kind: 'idiom',
    reason: 'Each client gives its own name.',
    evidence: 'the first message of threads/start',
    behaviours: ['A-9'],
    line: 1,
  });
  run.behaviours.push({
    id: 'A-9',
    title: 'The first line names the client',
    proof: ['threads/start', 'sdk/a.test.ts > b'],
  });
  run.scenario('turns/steer', 'Steering reaches the turn', 'id: turns/steer\nsteps:\n  - { call: t.turn, as: h }\n');
  run.golden('turns/steer', steer);
  run.golden('threads/start', [request('initialize', { name: 'python' })]);
  for (const client of ['python', 'ts'] as const) run.cell({ scenario: 'turns/steer', client, engine: 'real' }, steer);
  const changed = event('item/completed', { item: { type: 'agentMessage', text: 'say hullo' } });
  const broken = [...opening.slice(0, -1), ...deltas, changed, ...closing.slice(1), event('turn/odd', {})];
  run.cell({ scenario: 'turns/steer', client: 'ts', engine: 'fake', durationMs: 900 }, broken);
  run.raws.push({
    lines: broken.map((_, index) => `{"raw":${index}}`),
    origins: { 'user/events': broken.flatMap(({ ch }, index) => (ch === 'event' ? [index] : [])) },
  });
  run.evidence.set('turns/steer/ts/fake', { raw: 'raw/turns/steer/ts.fake.jsonl', embedded: 0, failedAt: 3 });
  run.cell({ scenario: 'threads/start', client: 'ts', engine: 'real' }, [
    request('initialize', { name: 'typescript' }),
  ]);
  run.unjudged({
    scenario: 'threads/cancel',
    client: 'python',
    engine: 'real',
    verdict: 'not-applicable',
    reason: 'needs cancel',
  });
  return run;
}
