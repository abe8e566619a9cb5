import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkScript, readScript, scriptVerbs } from './check-script.ts';

test('the verbs and their keys are those of the schema', () => {
  const schema = JSON.parse(readFileSync(new URL('../../fixtures/schema/script.schema.json', import.meta.url), 'utf8'));
  const steps = Object.values(schema.definitions) as { required: string[]; properties: Record<string, unknown> }[];
  const wanted = steps.flatMap(({ required, properties }) => {
    const verb = required?.[0] ?? '';
    return verb === '' || verb === 'base64'
      ? []
      : [
          [
            verb,
            Object.keys(properties)
              .filter((key) => key !== verb)
              .sort(),
          ],
        ];
  });
  const ours = Object.entries(scriptVerbs).map(([verb, keys]) => [verb, [...keys].sort()]);
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(wanted));
});

test.each<[unknown, string]>([
  [{}, 'the script is {}; wanted a list'],
  [[], 'the script is empty'],
  [['x'], 'step 1 of the script is "x", wanted an object'],
  [[{ answer: 'a' }, { answr: 'a' }], 'step 2 of the script has answr; wanted one of expect, answer'],
  [[{ expect: 'a', parms: {} }], 'step 1 of the script has "parms" beside "expect"; wanted as, params, optional'],
  [[{ hold: 'a', send: 'b' }], 'step 1 of the script has hold, send; wanted one of'],
  [
    [{ repeat: 2, steps: [{ exit: 0, code: 1 }] }],
    'step 1.1 of the script has "code" beside "exit"; wanted nothing else',
  ],
  [[{ 'any-order': [[{ hold: 'a' }], [{ x: 1 }]] }], 'step 1.2.1 of the script has x'],
  [[{ 'any-order': {} }], 'step 1 of the script has {} in "any-order"; wanted a list of lists'],
])('what is misspelt is said with its step: %j', (script, told) => {
  expect(() => checkScript(script)).toThrow(told);
});

test('a reply may have an error beside it, and YAML is read', async () => {
  const script = [{ request: 'currentTime/read' }, { 'expect-reply': 'currentTime/read', error: { code: -32601 } }];
  expect(
    await readScript('- request: currentTime/read\n- { expect-reply: currentTime/read, error: { code: -32601 } }\n'),
  ).toEqual(script);
  await expect(readScript('- [')).rejects.toThrow(/the script is no YAML: .* at line 1, column/);
});
