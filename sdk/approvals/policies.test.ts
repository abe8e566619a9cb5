import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowCommands, readOnly } from './policies.ts';
import { type ApprovalRequest, approvalRequest } from './requests.ts';

const nothingStarted = { byId: () => undefined, toolCall: () => undefined };

/** A command's request, as the engine sends it. */
function asked(script: string, actions: readonly string[] = ['unknown'], more: object = {}): ApprovalRequest {
  const params = {
    ...{ threadId: 'th', turnId: 't', itemId: 'i', startedAtMs: 0, kind: 'command' },
    command: `/bin/bash -lc '${script.replaceAll("'", `'"'"'`)}'`,
    commandActions: actions.map((type) => ({ type, command: script })),
    ...more,
  };
  const request = { id: 1, method: 'item/commandExecution/requestApproval', params };
  return approvalRequest(request as never, nothingStarted) as ApprovalRequest;
}

const context = { signal: new AbortController().signal };
const fileChange = approvalRequest(
  { id: 1, method: 'item/fileChange/requestApproval', params: { threadId: 'th', turnId: 't', itemId: 'i' } } as never,
  nothingStarted,
) as ApprovalRequest;

/** What is no new command: input for a running one, access to a host, and a request without its command. */
const otherwise: object[] = [
  { kind: 'writeStdin' },
  { kind: 'of a later engine' },
  { networkApprovalContext: { host: 'a.invalid', protocol: 'https' } },
  { command: null },
];

test.each(['git status', ' git  status ', "git 'status'", 'git "status"', "git sta'tus'"])(
  '%s is one of the commands',
  (script) => {
    expect(allowCommands(['npm test', 'git status'])(asked(script), context)).toBe('accept');
  },
);

test.each([
  ...[
    'git',
    'git status -s',
    'git status .',
    'git stash',
    "'git status'",
    "'git' status",
    'GIT status',
    'git STATUS',
    '',
  ],
  ...[
    'git status; rm x',
    'git status && rm x',
    'git status || rm x',
    'git status | sh',
    'git status &',
    'git status\nrm x',
  ],
  ...[
    'git status > x',
    'git status < x',
    'git status 2>&1',
    'git status $(rm x)',
    'git status `rm x`',
    'git status $x',
    'git status #x',
  ],
  ...[
    'A=1 git status',
    'GIT_DIR=x git status',
    './git status',
    '/usr/bin/git status',
    '~/git status',
    'git\tstatus',
    'git\u00a0status',
  ],
  ...[
    'bash -lc "git status"',
    "sh -c 'git status'",
    'eval git status',
    'command git status',
    'env git status',
    'sudo git status',
  ],
  ...[
    '! git status',
    'time git status',
    '(git status)',
    '{ git status; }',
    'git {status,log}',
    'git stat*',
    'git stat?s',
    'g\\it status',
  ],
  ...[
    "git $'status'",
    'git $"status"',
    'exec git status',
    '\\git status',
    'git status \\',
    'git "sta\\tus"',
    'git !!',
    'git ~',
  ],
])('%j goes to the next', (script) => {
  expect(allowCommands(['npm test', 'git status'])(asked(script), context)).toBeUndefined();
});

test('what is no new command goes to the next, whatever it names', () => {
  for (const policy of [allowCommands(['cat a']), readOnly()]) {
    for (const more of otherwise)
      expect(policy(asked('cat a', ['read'], more), context), JSON.stringify(more)).toBeUndefined();
    expect(policy(fileChange, context)).toBeUndefined();
    expect(policy(asked('cat a', ['read']), context)).toBe('accept');
  }
});

test('a command that the engine runs without a shell is its own words', () => {
  const policy = allowCommands(['git status']);
  expect(policy(asked('', [], { command: 'git status' }), context)).toBe('accept');
  expect(policy(asked('', [], { command: "git 'status x'" }), context)).toBeUndefined();
  expect(policy(asked('', [], { command: "'git status'" }), context)).toBeUndefined();
});

test('a shell that is none of the system does not run what it is told to', () => {
  for (const shell of ['/tmp/bash', 'bash', './bash', '/work/bin/bash', '/bin/../work/bash', '/bin/bashful'])
    expect(
      allowCommands(['git status'])(asked('', [], { command: `${shell} -lc 'git status'` }), context),
    ).toBeUndefined();
});

test('of any two different commands, one never stands for the other', () => {
  const word = fc.stringMatching(/^[a-z -]{1,6}$/);
  const quote = (words: string[]) => words.map((one) => `'${one}'`).join(' ');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 3 }), fc.array(word, { maxLength: 3 }), (a, b) => {
      const [allowed, given] = [`git ${quote(a)}`, `git ${quote(b)}`];
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(allowCommands([allowed])(asked(given), context)).toBe(same ? 'accept' : undefined);
    }),
  );
});

test.each([
  [7],
  [null],
  ['git status'],
  [['git status', 7]],
  [['A=1 git']],
  [['./build.sh']],
  [['git status; ls']],
  [['']],
  [['$x']],
  [['if']],
])('allowCommands(%j) is refused', (commands) => {
  expect(() => allowCommands(commands as never)).toThrow(
    /^Reading the commands of allowCommands: expected .+, got .+\.$/,
  );
  expect(() => allowCommands(commands as never)).toThrow(TypeError);
});

test.each([
  ...[
    'cat a b',
    'head -n 5 a',
    'ls -la x',
    'nl -ba a | sed -n 1,3p',
    'rg -n heron src | head -5',
    'cd src && cat a',
    'wc -l a',
  ],
  ...[
    'grep -rn heron .',
    'find . -name x -type f',
    'fd -e ts heron',
    'rg --files -g "*.ts"',
    "sed -n '1,5p' a",
    'cat a | sort -u | wc -l',
  ],
  ...['tree -L 2', 'ls; pwd', 'cat a || ls', 'du -sh'],
])('%s reads and does no more', (script) => {
  expect(readOnly()(asked(script, ['read', 'search']), context)).toBe('accept');
});

// Measured on engines 0.163.0 to 0.171.0: each of the first eight is a read, a list or a search to the engine.
test.each([
  ...[
    'find . -delete',
    'find . -fprint out',
    'fd x -x rm',
    'rg --pre evil x',
    'rg x | xargs rm',
    'cat a | tee b',
    'tree -o out',
  ],
  ...[
    'sed -n 1,5p a | sort -o b',
    'cat a | awk \'BEGIN{system("rm b")}\'',
    'git grep -Oevil x',
    'sed -n "1w b" a',
    'sed -i s/a/b/ a',
  ],
  ...[
    'find . -exec rm {} +',
    'find . -ok rm x',
    'fd -X rm',
    'fd -HX rm',
    'rg --pre=evil x',
    'rg -z x',
    'rg -nz x',
    'rg --search-zip x',
    'rg --hostname-bin x y',
  ],
  ...[
    'sort -o b a',
    'sort --outp=b a',
    'sort --compress-program=evil a',
    'tree -R',
    'uniq a b',
    'less a',
    'bat a',
    'git status',
    'git ls-files',
  ],
  ...[
    'cat a > b',
    'cat a; rm b',
    'cat $(rm b)',
    'cat a &',
    'cat *',
    'cat ~/x',
    './cat a',
    'A=1 cat a',
    'env cat a',
    'cat a | sh',
    'cat a\nrm b',
  ],
  ...['sed -n 1,5p -i a', 'sed -n', 'constructor a', 'toString', '__proto__ a'],
])('%j goes to the next, whatever the engine calls it', (script) => {
  expect(readOnly()(asked(script, ['read']), context)).toBeUndefined();
});

test('one action that is no reading, or none at all, goes to the next', () => {
  expect(readOnly()(asked('cat a', ['read', 'unknown']), context)).toBeUndefined();
  expect(readOnly()(asked('cat a', ['of a later engine']), context)).toBeUndefined();
  expect(readOnly()(asked('cat a', []), context)).toBeUndefined();
});
