import { expect, test } from 'vitest';
import { inputOf, mcpServersOf } from './content.ts';
import { diffContent, diffLocations } from './diffs.ts';
import { configOptions, firstMode, modeNames, modeSettings, modeState } from './modes.ts';

const text = (said: string) => ({ type: 'text', text: said });

test.each([
  [{ type: 'text', text: 'look' }, text('look')],
  [
    { type: 'image', data: 'cG5n', mimeType: 'image/png' },
    { type: 'image', url: 'data:image/png;base64,cG5n' },
  ],
  [
    { type: 'audio', data: 'd2F2', mimeType: 'audio/wav' },
    { type: 'audio', url: 'data:audio/wav;base64,d2F2' },
  ],
  [{ type: 'resource_link', name: 'a.ts', title: 'The start', uri: 'file:///w/a.ts' }, text('[@The start](/w/a.ts)')],
  [{ type: 'resource_link', name: 'a.ts', title: null, uri: 'https://a/b%20c' }, text('[@a.ts](https://a/b%20c)')],
  [
    { type: 'resource', resource: { uri: 'file:///w/a.pdf', blob: 'AA', mimeType: 'application/pdf' } },
    text('[@/w/a.pdf](/w/a.pdf)'),
  ],
  [{ type: 'resource', resource: { uri: 'x:y', text: '' } }, text('<context ref="x:y">\n\n</context>')],
])('%j is the input %j', (block, input) => expect(inputOf(block as never)).toEqual(input));

test('a server of the client keeps its name as far as the engine takes it', () => {
  const server = { name: 'my/db é-1', command: 'db', args: [], env: [] };
  expect(mcpServersOf([server])).toEqual({ 'my_db__-1': { command: 'db', args: [], env: {} } });
});

test('a change shows each part that changes, at the first line of the first', () => {
  const diff = '@@ -1 +1 @@\n-a\n+b\n@@ -9,2 +9,2 @@\n x\n-c\n+d\n';
  const update = (more: object = {}) => [{ path: '/a', kind: { type: 'update', ...more }, diff }] as never;
  expect(diffLocations(update())).toEqual([{ path: '/a', line: 1 }]);
  expect(diffLocations(update({ move_path: '/b' }))).toEqual([{ path: '/b', line: 1 }]);
  expect(diffContent(update({ move_path: null }))).toEqual([
    { type: 'diff', path: '/a', oldText: 'a\n', newText: 'b\n' },
    { type: 'diff', path: '/a', oldText: 'x\nc\n', newText: 'x\nd\n' },
  ]);
  const added = [{ path: '/n', kind: { type: 'add' }, diff: 'new\n' }] as never;
  expect(diffContent(added)).toEqual([{ type: 'diff', path: '/n', oldText: null, newText: 'new\n' }]);
  expect(diffLocations(added)).toEqual([{ path: '/n' }]);
});

test('each mode has its sandbox, and asks; only full access asks nothing', () => {
  expect(['read-only', 'auto', 'full-access', 'other'].map(modeSettings)).toEqual([
    { sandbox: 'read-only', approvalPolicy: 'on-request' },
    { sandbox: 'workspace-write', approvalPolicy: 'on-request' },
    { sandbox: 'full-access', approvalPolicy: 'never' },
    undefined,
  ]);
  expect([firstMode, modeNames()]).toEqual(['auto', 'read-only, auto, full-access']);
  const { currentModeId, availableModes } = modeState('read-only');
  expect([currentModeId, availableModes.map(({ id }) => id)]).toEqual([
    'read-only',
    ['read-only', 'auto', 'full-access'],
  ]);
});

test('the options show what was chosen: also a model that is not listed, and no effort that the model does not have', () => {
  const model = (name: string, isDefault: boolean, efforts = ['low', 'high']) => ({
    ...{ model: name, displayName: name.toUpperCase(), description: `is ${name}`, isDefault },
    ...{ defaultReasoningEffort: 'low' },
    supportedReasoningEfforts: efforts.map((reasoningEffort) => ({ reasoningEffort, description: reasoningEffort })),
  });
  const models = [model('one', false), model('two', true), model('plain', false, [])] as never;
  const shown = (choice: object) =>
    configOptions(models, choice).map(({ id, currentValue }) => [id, currentValue].join(' '));
  expect(shown({})).toEqual(['model two', 'effort low']);
  expect(shown({ model: 'one', effort: 'high' })).toEqual(['model one', 'effort high']);
  expect(shown({ model: 'one', effort: 'extreme' })).toEqual(['model one', 'effort low']);
  expect(shown({ model: 'unlisted' })).toEqual(['model unlisted', 'effort low']);
  expect(shown({ model: 'plain', effort: 'high' })).toEqual(['model plain']);
  expect(configOptions([], { model: 'one' })).toEqual([]);
  expect(configOptions([model('first', false), model('second', false)] as never, {})).toMatchObject([
    { currentValue: 'first' },
    { id: 'effort' },
  ]);
});
