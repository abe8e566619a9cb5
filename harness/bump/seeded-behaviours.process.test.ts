import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import type { ScriptStep } from '../../testing/play/script-types.ts';
import { normalise } from '../normalise/normalise.ts';
import type { Observation } from '../observation/types.ts';
import { defaultFolders, removeCells } from '../run/folders.ts';
import { Session } from '../run/session.ts';
import { loadScenarios } from '../scenario/index.ts';
import { onPin } from '../scenario/on-version.ts';
import { findingsBetween } from './findings.ts';
import { type Folded, foldFindings } from './fold-findings.ts';
import type { Change } from './types.ts';

const out = mkdtempSync(path.join(tmpdir(), 'twinproof-seeds-'));
const folders = defaultFolders(out);
let session: Session;
beforeAll(async () => {
  const pinned = { version: readEngineLock().pin, sha256: 'fake' };
  session = await Session.open({ folders, engine: undefined, pinned, python: undefined });
});
afterAll(async () => {
  await session.close();
  await removeCells(folders);
  rmSync(out, { recursive: true, force: true });
});

let round = 0;

/** What our client shows when the engine plays the script. */
async function played(script: readonly ScriptStep[]): Promise<Observation> {
  const [scenario] = onPin(await loadScenarios(undefined, { glob: 'faults/exit-code' }));
  if (scenario === undefined) throw new Error('no scenario');
  const steps = [
    { call: 'codex.thread_start', as: 't' },
    { call: 't.turn', as: 'h', with: { input: 'hi' } },
    { call: 'h.run', as: 'result' },
    { call: 'codex.models', as: 'models' },
  ] as typeof scenario.steps;
  const plan = {
    scenario: { ...scenario, steps, script: [...script] as ScriptStep[] },
    client: 'ts' as const,
    engine: 'fake' as const,
    round: ++round,
  };
  return (await session.observe(plan)).observation;
}

async function changesBetween(before: Observation, after: Observation): Promise<Change[]> {
  const findings = findingsBetween(normalise(before), normalise(after));
  return foldFindings([{ scenario: 'seed', client: 'ts', lines: after.lines.length, findings }], 'engine').map(
    ({ change }) => change,
  );
}

const begin: ScriptStep[] = [{ auto: ['thread/start'] }, { expect: 'turn/start' }, { answer: 'turn/start' }];
const started: ScriptStep = { send: 'turn/started' };
const warned: ScriptStep = { send: 'item/agentMessage/delta', params: { delta: 'The first words.' } };
const said: ScriptStep = { send: 'item/reasoning/textDelta', params: { delta: 'thought' } };
const completed: ScriptStep = { send: 'turn/completed' };
const refused: ScriptStep[] = [
  { expect: 'model/list' },
  { error: 'model/list', code: -32600, message: 'no models here' },
];
const base = [...begin, started, warned, said, completed, ...refused, { exit: 0 }] as ScriptStep[];
const without = (step: ScriptStep) => base.filter((one) => one !== step);
const instead = (step: ScriptStep, ...others: ScriptStep[]) => base.flatMap((one) => (one === step ? others : [one]));

test.each<[string, readonly ScriptStep[], string, string, string]>([
  [
    'the order of two events',
    instead(warned, said)
      .filter((one, at, all) => one !== said || all.indexOf(said) === at)
      .flatMap((one) => (one === said ? [said, warned] : [one])),
    'order-changed',
    'item/',
    'behaviour',
  ],
  [
    'a text',
    instead(warned, { send: 'item/agentMessage/delta', params: { delta: 'The other words.' } }),
    'message-text',
    'delta',
    'behaviour',
  ],
  [
    'a field that is new',
    instead(warned, { send: 'item/agentMessage/delta', params: { delta: 'The first words.', mood: 'calm' } }),
    'value-added',
    'mood',
    'additive',
  ],
  ['an event that is lost', without(said), 'line-removed', 'item/reasoning/textDelta', 'behaviour'],
  ['an event that comes twice', instead(said, said, said), 'line-repeated', 'item/reasoning/textDelta', 'behaviour'],
  [
    'an event that is new',
    instead(said, said, { send: 'turn/diff/updated', params: { diff: 'x' } }),
    'line-added',
    'turn/diff/updated',
    'behaviour',
  ],
  [
    'another error code',
    instead(refused[1] as ScriptStep, { error: 'model/list', code: -32603, message: 'no models here' }),
    'error-changed',
    'error.code',
    'behaviour',
  ],
  [
    'another error text',
    instead(refused[1] as ScriptStep, { error: 'model/list', code: -32600, message: 'not one model' }),
    'error-changed',
    'error.message',
    'behaviour',
  ],
  [
    'a call that no longer fails',
    instead(refused[1] as ScriptStep, { answer: 'model/list' }),
    'error-changed',
    'model/list',
    'behaviour',
  ],
  [
    'a call that fails now',
    instead(begin[2] as ScriptStep, { error: 'turn/start', code: -32600, message: 'no turn' }),
    'error-changed',
    'turn/start',
    'breaking',
  ],
  [
    'another exit code',
    base.map((one) => ('exit' in one ? { exit: 3 } : one)) as ScriptStep[],
    'exit-changed',
    'code',
    'behaviour',
  ],
  [
    'a turn that fails',
    instead(completed, {
      send: 'turn/completed',
      params: { turn: { status: 'failed', error: { message: 'out of words' } } },
    }),
    'value-changed',
    'turn.status',
    'behaviour',
  ],
])('%s is found, and told as what it is', async (_, script, what, place, kind) => {
  const changes = await changesBetween(await played(base), await played(script));
  const told = changes.map((change) => `${change.what} ${change.place} ${change.class}`);
  expect(
    changes.some((change) => change.what === what && change.place.includes(place) && change.class === kind),
    told.join('\n'),
  ).toBe(true);
});

test('the same engine twice raises no alarm', async () => {
  expect(await changesBetween(await played(base), await played(base))).toEqual([]);
});

test('another request to the model is told with its texts', async () => {
  const one = await played(base);
  const asking = (description: string): Observation => {
    const body = { model: 'm', instructions: 'Be kind.', tools: [{ name: 'look', description }], input: [] };
    const line = { t: 0, ch: 'model.request' as const, n: 0, method: 'POST', path: '/v1/responses', headers: {}, body };
    return { ...one, lines: [...one.lines, line] };
  };
  const whole = (of: Observation) => normalise(of, undefined, { wholeRequests: true });
  const findings = findingsBetween(whole(asking('Looks at a file.')), whole(asking('Looks at two files.')));
  const [{ change }] = foldFindings([{ scenario: 'seed', client: 'ts', lines: 1, findings }], 'engine') as [Folded];
  expect(findings).toHaveLength(1);
  expect(change).toMatchObject({
    what: 'model-request',
    place: 'model.request /v1/responses tools.[look].description',
  });
  expect([change.before, change.after]).toEqual(['Looks at a file.', 'Looks at two files.']);
});
