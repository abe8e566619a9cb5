import { createInterface } from 'node:readline';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { commandLine, type ExecRequest } from './command-line.ts';
import type { CodexOptions, ThreadOptions, TurnOptions } from './options.ts';

// The reader of command lines is the fake engine's own, a program that shares nothing with the SDK.
const reader = execa(process.execPath, ['--import', 'tsx', 'fake-codex-rs/test-fixtures/parse-exec.ts'], {
  buffer: false,
  reject: false,
});
const answers = createInterface(reader.stdout)[Symbol.asyncIterator]();
afterAll(async () => {
  reader.stdin.end();
  await reader;
});

/** What the engine takes from a run's words: options by name, `config` as an object, `resume`. Undefined where nothing would be started. */
async function taken(request: Partial<ExecRequest>): Promise<Record<string, unknown> | undefined> {
  let words: string[];
  let prompt: string;
  try {
    const line = commandLine({ options: {}, thread: {}, turn: {}, threadId: null, input: 'hi', ...request });
    words = line.args(undefined);
    prompt = line.prompt;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
  // What a program gets of them: Node writes UTF-8, and refuses a null character.
  const arriving = words.map((word) => Buffer.from(word, 'utf8').toString('utf8'));
  expect(arriving.some((word) => word.includes('\0'))).toBe(false);
  reader.stdin.write(`${JSON.stringify(arriving.slice(1))}\n`);
  const { value } = await answers.next();
  const answer = JSON.parse(value);
  expect(answer.refused).toBeUndefined();
  return { ...answer.given, prompt: answer.prompt ?? prompt };
}

const odd = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '-',
      '--',
      '---',
      '=',
      '-=',
      '--=x',
      'a=b',
      'a,b',
      ',',
      '\n',
      '\t-x',
      '"',
      "'",
      '\\',
      '#',
      '$(id)',
      '`',
      '%PATH%',
      '\0',
    ],
    ...[
      '\ud800',
      'x\udfff',
      '\u{1f388}',
      '\u00a0',
      '\ufeff',
      '\u007f',
      '-c',
      '-csandbox_mode="danger-full-access"',
      '-i',
      '-m',
      '-h',
      '-V',
    ],
    ...[
      '--last',
      '--all',
      '--help',
      '--version',
      '--yolo',
      '--json',
      '--oss',
      '--image',
      '--model=x',
      '--config',
      '--ephemeral',
    ],
    ...['--dangerously-bypass-approvals-and-sandbox', '--config=sandbox_mode="danger-full-access"', '--full-auto'],
    ...[
      'resume',
      'fork',
      'review',
      'help',
      'exec',
      '--sandbox=danger-full-access',
      'sandbox_mode="danger-full-access"#',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }).map((text) => `-${text}`),
  fc.string({ maxLength: 12 }).map((text) => `--${text}`),
);
const oddValue = fc.oneof(
  odd,
  fc.boolean(),
  fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  fc.maxSafeInteger(),
  fc.array(odd, { maxLength: 3 }),
);

const noOptions = { json: true };

interface Row {
  name: string;
  values: fc.Arbitrary<unknown>;
  request(value: never): Partial<ExecRequest>;
  /** What the engine is to take from it, beside the prompt. */
  meant(value: never): Record<string, unknown>;
}

const thread = (key: keyof ThreadOptions) => (value: never) => ({ thread: { [key]: value } });
const options = (key: keyof CodexOptions) => (value: never) => ({ options: { [key]: value } });
const omittedIfEmpty = (key: string) => (value: unknown) => (value === '' ? {} : { [key]: value });
const set = (key: string) => (value: unknown) => ({ config: { [key]: value } });

const rows: Row[] = [
  {
    name: 'the id of resumeThread()',
    values: odd,
    request: (threadId) => ({ threadId }),
    meant: (resume) => ({ resume }),
  },
  {
    name: 'images',
    values: fc.array(odd, { minLength: 1, maxLength: 3 }),
    request: (paths: string[]) => ({ input: paths.map((path) => ({ type: 'local_image', path })) }),
    meant: (images: string[]) => ({ images, prompt: '' }),
  },
  {
    name: 'images of a resumed thread',
    values: fc.array(odd, { minLength: 1, maxLength: 3 }),
    request: (paths: string[]) => ({
      threadId: 't',
      input: [...paths.map((path) => ({ type: 'local_image' as const, path })), { type: 'text', text: 'hi' }],
    }),
    meant: (images: string[]) => ({ images, resume: 't' }),
  },
  { name: 'model', values: odd, request: thread('model'), meant: omittedIfEmpty('model') },
  { name: 'workingDirectory', values: odd, request: thread('workingDirectory'), meant: omittedIfEmpty('cd') },
  { name: 'threadSource', values: odd, request: thread('threadSource'), meant: (threadSource) => ({ threadSource }) },
  {
    name: 'additionalDirectories',
    values: fc.array(odd, { minLength: 1, maxLength: 3 }),
    request: thread('additionalDirectories'),
    meant: (addDir) => ({ addDir }),
  },
  {
    name: 'modelReasoningEffort',
    values: odd.filter((word) => word !== ''),
    request: thread('modelReasoningEffort'),
    meant: set('model_reasoning_effort'),
  },
  {
    name: 'webSearchMode',
    values: odd.filter((word) => word !== ''),
    request: thread('webSearchMode'),
    meant: set('web_search'),
  },
  {
    name: 'approvalPolicy',
    values: odd.filter((word) => word !== ''),
    request: thread('approvalPolicy'),
    meant: set('approval_policy'),
  },
  {
    name: 'networkAccessEnabled',
    values: fc.oneof(odd, fc.boolean()),
    request: thread('networkAccessEnabled'),
    meant: set('sandbox_workspace_write.network_access'),
  },
  {
    name: 'skipGitRepoCheck',
    values: fc.oneof(odd, fc.boolean()),
    request: thread('skipGitRepoCheck'),
    meant: (skipGitRepoCheck) => (skipGitRepoCheck ? { skipGitRepoCheck } : {}),
  },
  {
    name: 'baseUrl',
    values: odd,
    request: options('baseUrl'),
    meant: (url: string) => (url === '' ? {} : { config: { openai_base_url: url } }),
  },
  {
    name: 'config',
    values: fc.tuple(odd, oddValue),
    request: ([key, value]: [string, unknown]) => ({ options: { config: { [key]: value } as never } }),
    meant: ([key, value]: [string, unknown]) => ({ config: { [key]: value } }),
  },
];

test.each(rows)('$name: the engine takes what was given, or nothing is started', async ({ values, request, meant }) => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const got = await taken(request(value as never));
      if (got === undefined) return;
      passed += 1;
      expect(got).toEqual({ ...noOptions, prompt: 'hi', ...meant(value as never) });
    }),
    { numRuns: 300 },
  );
  // Refusing everything would pass as well.
  expect(passed).toBeGreaterThan(20);
});

/** The engine knows these by their values, and says so itself; what it takes is what was given. */
test.each<[keyof ThreadOptions | keyof TurnOptions, string, string]>([
  ['sandboxMode', 'sandbox', 'workspace-write'],
  ['cyberAccessProgram', 'cyberAccessProgram', 'standard'],
])('%s', async (option, name, value) => {
  const request = (word: unknown) =>
    option === 'sandboxMode' ? { thread: { [option]: word } } : { turn: { [option]: word } };
  expect(await taken(request(value) as never)).toEqual({ ...noOptions, prompt: 'hi', [name]: value });
  await fc.assert(
    fc.asyncProperty(
      odd.filter((word) => word !== ''),
      async (word) => {
        const words = () =>
          commandLine({
            options: {},
            thread: {},
            turn: {},
            threadId: null,
            input: 'hi',
            ...(request(word) as object),
          }).args(undefined);
        // One option with one value, whatever it is: never two.
        try {
          expect(
            words()
              .slice(2)
              .join('=')
              .startsWith(`--${name === 'sandbox' ? name : 'cyber-access-program'}=${word}`),
          ).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      },
    ),
  );
});
