import { expect, test } from 'vitest';
import { commandLine, configOverrides } from './command-line.ts';
import type { CodexOptions, ThreadOptions, TurnOptions } from './options.ts';

const none = { options: {}, thread: {}, turn: {}, threadId: null, input: 'hi' };

const image = (path: string) => ({ type: 'local_image' as const, path });
const text = { type: 'text' as const, text: 'hi' };

const args = (options: CodexOptions, thread: ThreadOptions = {}, turn: TurnOptions = {}, more: object = {}) =>
  commandLine({ ...none, options, thread, turn, ...more })
    .args(undefined)
    .slice(2);

const everything: ThreadOptions = {
  model: 'm',
  threadSource: 'ci',
  sandboxMode: 'workspace-write',
  workingDirectory: '/w',
  additionalDirectories: ['/a', '/b'],
  skipGitRepoCheck: true,
  modelReasoningEffort: 'high',
  networkAccessEnabled: false,
  webSearchMode: 'cached',
  webSearchEnabled: true,
  approvalPolicy: 'never',
};

test('all that can be said, in the order in which a later setting wins (246, 251)', () => {
  const options = { config: { a: 1, b: { c: 'x' } }, configOverrides: ['raw.key={"k"=1}'], baseUrl: 'http://h/"' };
  const input = [text, image('i.png'), image('j.png')];
  const turn = { cyberAccessProgram: 'standard' as const };
  expect(commandLine({ ...none, input, options, thread: everything, turn }).args('/s.json')).toEqual([
    'exec',
    '--experimental-json',
    '--config',
    'a=1',
    '--config',
    'b.c="x"',
    '--config',
    'raw.key={"k"=1}',
    '--config',
    'openai_base_url="http://h/\\""',
    '--model',
    'm',
    '--thread-source',
    'ci',
    '--sandbox',
    'workspace-write',
    '--cd',
    '/w',
    '--add-dir',
    '/a',
    '--add-dir',
    '/b',
    '--skip-git-repo-check',
    '--output-schema',
    '/s.json',
    '--cyber-access-program',
    'standard',
    '--config',
    'model_reasoning_effort="high"',
    '--config',
    'sandbox_workspace_write.network_access=false',
    '--config',
    'web_search="cached"',
    '--config',
    'approval_policy="never"',
    '--image',
    'i.png',
    '--image',
    'j.png',
  ]);
});

test('nothing said, nothing passed', () => {
  expect(commandLine(none).args(undefined)).toEqual(['exec', '--experimental-json']);
  expect(args({ config: {}, baseUrl: '', apiKey: 'k' }, { model: '', skipGitRepoCheck: false })).toEqual([]);
});

test('a thread that is resumed has no source; a new one even an empty one (247, 261)', () => {
  expect(args({}, { threadSource: 'ci' }, {}, { threadId: 't', input: [text, image('i')] })).toEqual([
    ...['resume', 't'],
    ...['--image', 'i'],
  ]);
  expect(args({}, { threadSource: '' })).toEqual(['--thread-source', '']);
});

test.each<[ThreadOptions, string[]]>([
  [{ webSearchMode: 'disabled', webSearchEnabled: true }, ['web_search="disabled"']],
  [{ webSearchEnabled: true }, ['web_search="live"']],
  [{ webSearchEnabled: false }, ['web_search="disabled"']],
  [{ networkAccessEnabled: true }, ['sandbox_workspace_write.network_access=true']],
])('%j is %j (253, 254)', (thread, settings) => {
  expect(args({}, thread)).toEqual(settings.flatMap((setting) => ['--config', setting]));
});

test('of the client and the thread, the thread has the last word (257)', () => {
  const config = { model_reasoning_effort: 'low', web_search: 'live' };
  expect(args({ config }, { modelReasoningEffort: 'high' })).toEqual(
    ['model_reasoning_effort="low"', 'web_search="live"', 'model_reasoning_effort="high"'].flatMap((setting) => [
      '--config',
      setting,
    ]),
  );
});

test('images without a text: an empty prompt is an argument, since the engine refuses an empty stdin', () => {
  expect(args({}, {}, {}, { input: [image('i')] })).toEqual(['--image', 'i', '--', '']);
  expect(args({}, {}, {}, { input: [image('i'), { ...text, text: ' ' }] })).toEqual(['--image', 'i', '--', '']);
  expect(args({}, {}, {}, { input: '' })).toEqual([]);
});

test('nested objects are dotted paths, leaves are TOML (255)', () => {
  const config = {
    a: { b: [1, { c: 'q', 'd e': true, gone: undefined }], e: {}, f: { g: undefined } },
    s: 't"x\u007f',
    n: 1.5,
    off: false,
    gone: undefined,
  };
  expect(configOverrides(config as never)).toEqual([
    'a.b=[1, {c = "q", "d e" = true}]',
    'a.e={}',
    's="t\\"x\\u007F"',
    'n=1.5',
    'off=false',
  ]);
  expect(configOverrides({})).toEqual([]);
});

const circle: Record<string, unknown> = {};
circle['self'] = circle;

test.each<[unknown, string]>([
  [{ a: null }, 'Codex config override at a cannot be null'],
  [{ a: [null] }, 'Codex config override at a[0] cannot be null'],
  [{ a: [{ b: null }] }, 'Codex config override at a[0].b cannot be null'],
  [{ a: { b: Number.NaN } }, 'Codex config override at a.b must be a finite number'],
  [{ '': 1 }, 'Codex config override keys must be non-empty strings'],
  [{ a: [{ '': 1 }] }, 'Codex config override keys must be non-empty strings'],
  [[], 'Codex config overrides must be a plain object'],
  [{ a: () => 1 }, 'Unsupported Codex config override value at a: function'],
  [
    { 'a=1 #': 2 },
    'Writing config as settings of the engine: expected a key without "=" and without space at its ends, got "a=1 #".',
  ],
  [
    { a: { ' b': 2 } },
    'Writing config as settings of the engine: expected a key without "=" and without space at its ends, got " b".',
  ],
  [{ a: ['\ud800'] }, 'Writing config at a[0]: expected well-formed Unicode, got half of a surrogate pair.'],
  [{ a: [{ '\udfff': 1 }] }, 'Writing config at a[0]: expected well-formed Unicode, got half of a surrogate pair.'],
  [{ a: -(2 ** 63) }, 'Writing config at a: expected an integer of 64 bits, got -9223372036854776000.'],
  [{ a: new Map() }, 'Writing config at a: expected a plain object, got an object of class Map.'],
  [{ a: [circle] }, 'Writing config at a[0].self: expected a value that ends, got one that holds itself.'],
  [circle, 'Writing config at self: expected a value that ends, got one that holds itself.'],
  // A hole is undefined, which has no TOML.
  [{ a: new Array(1) }, 'Unsupported Codex config override value at a[0]: undefined'],
])('what TOML cannot say is refused: %j (256)', (config, text) => {
  expect(() => configOverrides(config as never)).toThrow(new TypeError(text));
});
