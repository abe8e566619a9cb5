import { expect, it } from 'vitest';
import { redact } from '../../testing/record/redact.ts';
import { plantedForms, plantedPlaces } from '../../testing/record/test-fixtures/planted.ts';
import { observationRedactor } from './redact-observation.ts';
import type { Observation } from './types.ts';

const secrets = [
  'sk-proj-0123456789abcdefghij',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r',
  'ghp_0123456789abcdefghijABCDEFGHIJ',
  'Zm9vYmFyYmF6cXV4',
];

it('takes secrets out by key and by form, at any depth, and leaves the rest', () => {
  const value = {
    params: {
      apiKey: secrets[3] as string,
      list: [`Bearer ${secrets[3]}`, `key ${secrets[0]}`],
      usage: { totalTokens: 15 },
    },
    headers: { Authorization: 'x', 'user-agent': 'codex' },
    text: `${secrets[1]} and ${secrets[2]}`,
  };
  const out = JSON.stringify(redact(value));
  for (const secret of secrets) expect(out).not.toContain(secret);
  expect(out).toContain('"totalTokens":15');
  expect(out).toContain('"list":["Bearer <redacted>","key <redacted:key>"]');
});

const observed = (...msgs: object[]) =>
  ({ header: {}, lines: msgs.map((msg) => ({ t: 1, ch: 'wire.out', msg })) }) as unknown as Observation;

it('leaves what the scenario says itself, and nothing else of the same name', () => {
  const scenario = {
    steps: [{ call: 'codex.login_api_key', with: { api_key: 'test-key' } }],
    home: { 'auth.json': `{"t":"${secrets[1]}"}` },
  };
  const { observation } = observationRedactor(scenario, []);
  const { lines } = observation(
    observed({ apiKey: 'test-key', header: `Bearer ${secrets[1]}` }, { apiKey: secrets[3], text: secrets[0] }),
  );
  expect(lines).toMatchObject([
    { msg: { apiKey: 'test-key', header: `Bearer ${secrets[1]}` } },
    { msg: { apiKey: '<redacted>', text: '<redacted:key>' } },
  ]);
});

it('takes the secrets of the machine out wherever they stand, whatever they look like', () => {
  const plain = 'correct "horse" 9';
  const { observation, text } = observationRedactor({ id: 'a' }, [plain, `${plain} staple`]);
  const { lines } = observation(
    observed({ [plain]: 1, note: `it is ${plain} staple`, raw: JSON.stringify({ plain }) }),
  );
  expect(lines).toMatchObject([
    { msg: { '<redacted:secret>': 1, note: 'it is <redacted:secret>', raw: '{"plain":"<redacted:secret>"}' } },
  ]);
  expect(text(`died: ${encodeURIComponent(plain)}`)).toBe('died: <redacted:secret>');
});

it('gives no cause that says a secret, however deep', () => {
  const { cause } = observationRedactor({}, ['correct-horse-9']);
  const [harmless, telling] = [
    new Error('a', { cause: new Error('b') }),
    new Error('a', { cause: new Error('correct-horse-9') }),
  ];
  expect([harmless, telling, 'text'].map(cause)).toEqual([harmless, undefined, 'text']);
});

it.each(Object.entries(plantedForms))(
  'leaves nothing of %s in an observation or a log, wherever it stands',
  (_, { text, secret }) => {
    const redactor = observationRedactor({ id: 'a' }, []);
    const places = Object.values(plantedPlaces).map((put) => ({ params: put(text) }));
    expect(JSON.stringify(redactor.observation(observed(...places)).lines)).not.toContain(secret);
    expect(redactor.text(`The driver died: ${text}`)).not.toContain(secret);
    expect(redactor.cause(new Error(text))).toBeUndefined();
  },
);
