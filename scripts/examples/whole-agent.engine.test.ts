import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { type ModelAnswer, scriptedModel } from '../../testing/index.ts';
import { usersProject } from './users-project.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { path: engine } = await resolveEngine();
const source = await readFile(join(root, 'examples/whole-agent/agent.ts'), 'utf8');
let project: string;

beforeAll(async () => {
  project = await usersProject(root, engine);
  await mkdir(join(project, '.git'));
  await writeFile(join(project, '.git/HEAD'), 'ref: refs/heads/main\n');
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  await writeFile(join(project, 'agent.js'), ts.transpileModule(source, { compilerOptions: options }).outputText);
}, 240_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const command = (cmd: string): ModelAnswer => ({
  call: {
    name: 'exec_command',
    arguments: { cmd, sandbox_permissions: 'require_escalated', justification: 'to fix it' },
  },
});

test('the page shows the example', async () => {
  const page = await readFile(join(root, 'docs/beside-the-claude-agent-sdk.md'), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${source}\`\`\``);
});

test('accepts one command and declines another, calls the tool, is stopped, and continues in a new process', async () => {
  await using model = await scriptedModel(
    [
      command('git status'),
      command('touch ../outside.txt'),
      { call: { name: 'ticket', arguments: { id: 'T-42' } } },
      { stream: ['{"summary":', '"half'], hang: true },
      { message: '{"summary":"The build is green again.","status":"ok"}' },
    ],
    { codexBin: engine },
  );
  const start = () =>
    execa(process.execPath, ['agent.js'], {
      cwd: project,
      env: { ...model.config.env, PATH: process.env['PATH'] ?? '' },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      timeout: 50_000,
    });

  const first = start();
  // Piece by piece: what is printed so far has no line end.
  let printed = '';
  await new Promise<void>((resolve) => {
    first.stdout.on('data', (piece: Buffer) => {
      printed += piece;
      if (printed.includes('half')) resolve();
    });
    void first.finally(resolve);
  });
  first.kill('SIGINT');
  const stopped = await first;
  expect({ code: stopped.exitCode, stderr: stopped.stderr }).toEqual({ code: 0, stderr: '' });
  expect(stopped.stdout.match(/^Declined: .*$/gm)).toEqual([expect.stringContaining('touch ../outside.txt')]);
  expect(stopped.stdout).toMatch(/\{"summary":"half\n.*Stopped\. Start me again to continue\.$/s);

  const second = await start();
  expect({ code: second.exitCode, stderr: second.stderr }).toEqual({ code: 0, stderr: '' });
  expect(second.stdout).toMatch(/ok: The build is green again\. \(\d+ tokens\)$/);

  const seen = JSON.stringify(model.requests.at(-1)?.body['input']);
  expect(seen).toContain('The build is red since Monday.');
  expect(seen).toContain('rejected by user');
  expect(seen).toContain('Process exited with code');
});
