import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: Step[] }>;
}

const root = join(import.meta.dirname, '..');
const folder = join(root, '.github/workflows');
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  return { name, text, workflow: parse(text) as Workflow };
});
const steps = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).flatMap(([job, { steps: all }]) =>
    all.map((step) => ({ at: `${name}: ${job}`, ...step })),
  ),
);

test('every action is pinned by its hash, with the version beside it', () => {
  for (const { text } of workflows)
    for (const [line] of text.matchAll(/^.*\buses:.*$/gm))
      expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  const hashes = new Map<string, Set<string>>();
  for (const { uses = '' } of steps) {
    const [action = '', hash = ''] = uses.split('@');
    hashes.set(action, (hashes.get(action) ?? new Set()).add(hash));
  }
  // One version of each, or a mend of one of them forgets the other.
  expect([...hashes].filter(([, { size }]) => size > 1)).toEqual([]);
});

/** Jobs that may write, on a schedule or by hand alone: no stranger's code runs in them. */
const writing: Record<string, Record<string, string>> = {
  'upstream.yml: propose': { contents: 'write', 'pull-requests': 'write' },
};

test('a workflow may read the contents of the repository and nothing else, and knows no secret', () => {
  for (const { name, text, workflow } of workflows) {
    expect(workflow.permissions, name).toEqual({ contents: 'read' });
    for (const [job, { permissions, 'timeout-minutes': limit }] of Object.entries(workflow.jobs)) {
      expect(permissions, `${name}: ${job}`).toEqual(writing[`${name}: ${job}`]);
      if (permissions !== undefined) expect(Object.keys(workflow.on).sort()).toEqual(['schedule', 'workflow_dispatch']);
      expect(limit, `${name}: ${job}`).toBeGreaterThan(0);
    }
    expect(text).not.toMatch(/\bsecrets\b[.[]/);
    // It runs a fork's code with the secrets of this repository.
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
  }
  for (const { at, uses, with: given } of steps)
    if (uses?.startsWith('actions/checkout@')) expect(given?.['persist-credentials'], at).toBe(false);
});

test('what a workflow runs is a program that also runs by hand, and no text of an event becomes a part of it', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const { at, run } of steps) {
    if (run === undefined) continue;
    const [, file, npm] =
      /^(?:node (ci\/\w+\.mjs)|npm (?:run )?(\w+))(?: [^\n|&;<>`$(]|"\$[A-Z]+"|>> "\$GITHUB_OUTPUT")*/.exec(run) ?? [];
    expect(run, at).not.toMatch(/[\n|&;`]|\$\{\{/);
    expect(
      file === undefined ? npm !== undefined && npm in scripts : existsSync(join(root, file)),
      `${at}: ${run}`,
    ).toBe(true);
  }
});

test('each engine of the window is proven: by parity one by one, by the small calls in one job', () => {
  const commands = steps.filter(({ at }) => at.startsWith('ci.yml')).map(({ run }) => run);
  expect(commands).toContain('npm run parity -- run --engine-version "$VERSION"');
  expect(commands).toContain('npm run calls -- --window');
});

test('every week, what the official clients do is recorded anew and compared with the goldens', () => {
  const recordings = workflows.find(({ name }) => name === 'recordings.yml')?.workflow;
  expect(recordings?.on.schedule).toEqual([{ cron: expect.stringMatching(/ \d$/) }]);
  const commands = Object.values(recordings?.jobs ?? {}).flatMap((job) => job.steps.map(({ run = '' }) => run));
  expect(commands.some((run) => run.startsWith('npm run record -- --check'))).toBe(true);
});

test('every week, each operation is repeated 200 times, of threads and of runs of exec', () => {
  const explore = workflows.find(({ name }) => name === 'explore.yml')?.workflow;
  expect(explore?.on.schedule).toEqual([{ cron: expect.stringMatching(/ \d$/) }]);
  const repeated = Object.values(explore?.jobs ?? {}).flatMap((job) =>
    job.steps.filter(({ env }) => env?.TWINPROOF_ROUNDS === '200').map(({ run }) => run),
  );
  expect(repeated).toEqual(['npm test -- --only unit,process']);
  // What reads the number, and in which stage.
  for (const file of ['testing/held/every-operation.test.ts', 'sdk/exec/rounds.process.test.ts'])
    expect(readFileSync(join(root, file), 'utf8')).toContain('Number(process.env.TWINPROOF_ROUNDS ??');
});

test('the matrix gives every workflow the jobs that it reads', () => {
  const printed = execFileSync(process.execPath, [join(root, 'ci/matrix.mjs')], { encoding: 'utf8' });
  const jobs = new Map(
    printed
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/=(.*)/s) as [string, string]),
  );
  const read = workflows.flatMap(({ text }) =>
    [...text.matchAll(/fromJSON\(needs\.\w+\.outputs\.(\w+)\)/g)].map(([, name = '']) => name),
  );
  expect(read.sort()).toEqual([...jobs.keys()].sort());
  for (const json of jobs.values()) expect(JSON.parse(json).include.length).toBeGreaterThan(0);
});
