import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { scriptedModel } from '../../testing/index.ts';
import { type DocExample, docExamples } from './doc-examples.ts';
import { usersProject } from './users-project.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const examples = docExamples(root);
const programs = examples.filter(({ file }) => file === undefined);
const { path: engine } = await resolveEngine();
let project: string;

/** Asked for outside of the sandbox, so that somebody has to approve it. */
const gitStatus = {
  call: {
    name: 'exec_command',
    arguments: {
      cmd: 'git status',
      sandbox_permissions: 'require_escalated',
      justification: 'to see what has changed',
    },
  },
};

const title = ({ source, line }: DocExample) => `${source}:${line}`;
/** One folder for each page: its files lie there, and what one of its programs writes another may read. */
const folderOf = ({ source }: DocExample) => join(project, source.replaceAll('/', '_'));
const programOf = (example: DocExample) => join(folderOf(example), `line-${example.line}.${example.language}`);
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  allowJs: true,
  noEmit: true,
};

beforeAll(async () => {
  project = await usersProject(root, engine);
  for (const example of examples) {
    await mkdir(join(folderOf(example), '.git'), { recursive: true });
    await writeFile(join(folderOf(example), '.git/HEAD'), 'ref: refs/heads/main\n');
    const file = example.file === undefined ? programOf(example) : join(folderOf(example), example.file);
    await writeFile(file, example.code);
  }
}, 240_000);
afterAll(() => rm(project, { recursive: true, force: true }));

test('the examples are programs that a strict compiler takes', () => {
  const host = { ...ts.createCompilerHost(options), getCurrentDirectory: () => project };
  const program = ts.createProgram(
    programs.map(programOf),
    { ...options, typeRoots: [join(project, 'node_modules/@types')] },
    host,
  );
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
    return `${basename(file?.fileName ?? '')}+${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
  expect(programs.length).toBeGreaterThan(10);
});

test('examples import nothing but what the package gives, the AI SDK, Zod, and Node', () => {
  const imports = programs.flatMap((one) =>
    [...one.code.matchAll(/from '([^']+)'/g)].map(([, name = '']) => [title(one), name]),
  );
  const fine = /^(twinproof(\/(acp|ai-sdk|exec|types|testing|native))?|ai|zod|node:\S+|\.\/\S+)$/;
  expect(imports.filter(([, name = '']) => !fine.test(name))).toEqual([]);
});

test.each(programs.filter(({ noRun }) => noRun === undefined).map((one) => [title(one), one] as const))(
  '%s does what it says, on the engine',
  async (_, example) => {
    const answer = { message: '{"summary":"fine","status":"ok"}' };
    // A handler of approvals that is never asked, or declines all the same, must show.
    const approves = example.code.includes("'git status'");
    const asks = example.code.includes('approvals');
    // So must a tool that is never called, or fails.
    const [, tool] = /\btools: \[/.test(example.code) ? (/\bname: '(\w+)'/.exec(example.code) ?? []) : [];
    const called = tool === undefined ? answer : { call: { name: tool, arguments: { id: 'T-42', target: 'docs' } } };
    const answers = asks ? [gitStatus, answer] : [called, answer, answer, answer];
    await using model = await scriptedModel(answers, { codexBin: engine });
    const program = join(folderOf(example), `line-${example.line}.mjs`);
    await writeFile(
      program,
      ts.transpileModule(example.code, { compilerOptions: { ...options, module: ts.ModuleKind.ESNext } }).outputText,
    );
    const done = await execa(process.execPath, [program], {
      cwd: folderOf(example),
      env: { ...model.config.env, PATH: process.env['PATH'] ?? '' },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    });
    expect({ code: done.exitCode, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    if (tool !== undefined && model.requests.length > 0) {
      const said = JSON.stringify(model.requests[1]?.body['input']).slice(-500);
      expect(said).toContain('function_call_output');
      expect(said).not.toMatch(/failed: |do not fit|no such tool/);
    }
    if (approves)
      expect(JSON.stringify(model.requests[1]?.body['input']).slice(-500)).toContain('Process exited with code');
  },
);
