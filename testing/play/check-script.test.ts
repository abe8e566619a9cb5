import { expect, test } from 'vitest';
import { checkScript, readScript } from './check-script.ts';

test.each<[unknown, string]>([
  [{}, 'Reading the script of fakeEngine: expected a list of steps, got {}.'],
  [[], 'expected a list of steps, got [].'],
  [['x'], 'Reading step 1 of the script of fakeEngine: expected an object, got "x". See docs/script-format.md.'],
  [[{ answer: 'a' }, { answr: 'a' }], 'step 2 of the script of fakeEngine: expected one of expect, answer, '],
  [[{ expect: 'a', parms: {} }], 'expected as, params, optional beside expect, got parms (did you mean "params"?).'],
  [[{ hold: 'a', send: 'b' }], 'got hold, send.'],
  [[{ expekt: 'a', params: {} }], 'got expekt (did you mean "expect"?), params. See docs/script-format.md.'],
  [
    [{ repeat: 2, steps: [{ exit: 0, code: 1 }] }],
    'step 1.1 of the script of fakeEngine: expected nothing beside exit, got code.',
  ],
  [[{ 'any-order': [[{ hold: 'a' }], [{ x: 1 }]] }], 'step 1.2.1 of the script of fakeEngine: expected one of'],
  [[{ 'any-order': {} }], 'expected a list of lists of steps in any-order, got {}.'],
  [[{ repeat: 2 }], 'expected a list of steps in steps, got undefined.'],
])('what is misspelt is said with its step: %j', (script, told) => {
  expect(() => checkScript(script)).toThrow(told);
});

test('a reply may have an error beside it, and YAML is read', async () => {
  const script = [{ request: 'currentTime/read' }, { 'expect-reply': 'currentTime/read', error: { code: -32601 } }];
  expect(
    await readScript('- request: currentTime/read\n- { expect-reply: currentTime/read, error: { code: -32601 } }\n'),
  ).toEqual(script);
  await expect(readScript('- [')).rejects.toThrow(/expected YAML, got .* at line 1, column/);
});
