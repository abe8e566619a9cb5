import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineTarget } from '../../native/engine-layout.mjs';
import { resolveEngine } from '../../native/index.ts';
import { officialPackage, programOf, readmeSnippets } from '../../sdk/exec/test-fixtures/readme-snippets.ts';
import { Codex } from '../../sdk/exec.ts';
import { scriptedModel } from '../../testing/index.ts';
import { buildFake } from '../build-fake.mjs';
import { buildPackage } from './build-package.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { path: engine } = await resolveEngine();
const answer = '{"summary":"fine","status":"ok"}';
/** The least PNG. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
let project: string;

/** A user's project with both packages, and the engine where `@openai/codex` puts it: both must find it by themselves. */
beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'exec-readme-')));
  const modules = join(project, 'node_modules');
  await buildFake(root);
  await buildPackage(root, join(modules, 'twinproof'));
  await cp(officialPackage, join(modules, '@openai/codex-sdk'), { recursive: true });
  const target = engineTarget(process.platform, process.arch) ?? { package: 'none', triple: 'none' };
  for (const name of ['@openai/codex', target.package]) {
    await mkdir(join(modules, name), { recursive: true });
    await writeFile(join(modules, name, 'package.json'), JSON.stringify({ name, version: '0.0.0' }));
  }
  await mkdir(join(modules, target.package, 'vendor'));
  await symlink(dirname(dirname(engine)), join(modules, target.package, 'vendor', target.triple), 'junction');
  await symlink(join(root, 'node_modules/zod'), join(modules, 'zod'), 'junction');
  await mkdir(join(modules, 'zod-to-json-schema'));
  await writeFile(
    join(modules, 'zod-to-json-schema/index.mjs'),
    "import { z } from 'zod';\nexport const zodToJsonSchema = (schema) => z.toJSONSchema(schema);\n",
  );
  await writeFile(join(modules, 'zod-to-json-schema/package.json'), '{ "exports": "./index.mjs" }');
}, 240_000);
afterAll(() => rm(project, { recursive: true, force: true }));

test.each(readmeSnippets().map((snippet) => [snippet.title, snippet] as const))(
  'README, %s: the same program, with the import swapped, does the same on the engine',
  async (_, snippet) => {
    const outcomes: object[] = [];
    const turns = /\.run(?:Streamed)?\(/.test(snippet.code) ? 1 : 0;
    const resumes = snippet.code.includes('resumeThread');
    for (const name of ['@openai/codex-sdk', 'twinproof/exec']) {
      await using model = await scriptedModel(
        Array.from({ length: turns + (resumes ? 1 : 0) }, () => ({ message: answer })),
        { codexBin: engine, workspace: { '.git/HEAD': 'ref: refs/heads/main\n' } },
      );
      for (const image of ['ui.png', 'diagram.jpg'])
        await writeFile(join(model.workspace, image), Buffer.from(pixel, 'base64'));
      const env = { ...model.config.env, PATH: process.env['PATH'] } as Record<string, string>;
      if (resumes) {
        const thread = new Codex({ codexPathOverride: engine, env }).startThread({ workingDirectory: model.workspace });
        await thread.run('Something before');
        env['CODEX_THREAD_ID'] = thread.id ?? '';
      }
      const { outputText } = ts.transpileModule(programOf(snippet, name), {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      const program = join(project, 'program.mjs');
      await writeFile(program, outputText);
      const done = await execa(process.execPath, [program], {
        cwd: model.workspace,
        env,
        extendEnv: false,
        reject: false,
      });
      const asked = model.requests.map(({ body }) => {
        const input = JSON.stringify(body['input']);
        return [input.includes('Something before'), input.split('"input_image"').length - 1, body['text']];
      });
      outcomes.push({ code: done.exitCode, stderr: done.stderr, said: done.stdout, asked });
      await model.finish();
    }
    expect(outcomes[0]).toMatchObject({ code: 0, stderr: '' });
    expect(outcomes[1]).toEqual(outcomes[0]);
  },
);
