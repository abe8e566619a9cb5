import { expect, it } from 'vitest';
import { asNormalised } from '../../normalise/types.ts';
import type { StandingScenario } from '../../scenario/types.ts';
import { userPoints } from './user-points.ts';

const scenario = {
  id: 'exec/x',
  family: 'exec',
  client: { env: null },
  answers: [{ to: 'item/tool/call', throws: 'no' }],
  steps: [
    { call: 'codex.start_thread', as: 't', with: { sandbox_mode: 'read-only' } },
    { start: 't.run', as: 'r', with: { input: [{ type: 'text' }, { type: 'text' }], signal: { $new: 'AbortSignal' } } },
    { cancel: 'r' },
    { kill: 'engine', signal: 'SIGTERM' },
  ],
} as unknown as StandingScenario;

it("takes the user's side from the scenario", () => {
  expect([...userPoints(scenario, undefined)]).toEqual([
    'client env: null',
    'answers item/tool/call: throws',
    'calls start_thread',
    'gives start_thread(sandbox_mode: string)',
    'starts run',
    'gives run(input: [object text])',
    'gives run(signal: AbortSignal)',
    'cancel run',
    'kill engine SIGTERM',
  ]);
});

it('takes failures, options, environment and exits from the golden', () => {
  const line = (ch: string, body: object) => ({ ch, key: '', lane: '', body });
  const golden = asNormalised({
    header: {},
    fired: {},
    lines: [
      line('argv', { argv: ['<engine>', 'exec', '--config', 'a.b=1', '--model', 'm'] }),
      line('env', { env: { CODEX_API_KEY: 'k' } }),
      line('error', { op: 't.run', error: { class: 'ThreadRunError' } }),
      line('exit', { code: null, signal: 'SIGTERM' }),
    ],
  } as never);
  const bare = { ...scenario, client: {}, answers: [], steps: [] } as unknown as StandingScenario;
  expect([...userPoints(bare, golden)]).toEqual([
    'exec option --config a.b',
    'exec option --model',
    'exec environment CODEX_API_KEY',
    'fails run: ThreadRunError',
    'exec exit SIGTERM',
  ]);
  expect([...userPoints({ ...bare, family: 'app-server' }, golden)]).toEqual(['fails run: ThreadRunError']);
});
