import type { Host } from './host.ts';

const program = `
import { Codex, TextInput, type TurnResult } from 'twinproof';
import { Codex as Exec, type ThreadEvent } from 'twinproof/exec';
import { memoryEngine } from 'twinproof/testing';
import type { ThreadItem } from 'twinproof/types';

export async function work(client?: Codex): Promise<string> {
  const engine = memoryEngine({ 'turn/start': () => 'hello' });
  const codex: Codex = client ?? engine.codex();
  const result: TurnResult = await (await codex.threadStart()).run([new TextInput('hi')]);
  const items: ThreadItem[] = result.items;
  // @ts-expect-error a number is no input
  const wrong = (thread: Awaited<ReturnType<Codex['threadStart']>>) => thread.run(1);
  const events: ThreadEvent[] = [];
  await engine.finish();
  return [result.finalResponse, items.length, events.length, typeof wrong, typeof Exec].join(' ');
}
`;
const started = `${program}\nwork().then((text) => console.log(text));\n`;

function project(id: string, title: string, version: string, options: object, type: 'commonjs' | 'module'): Host {
  return {
    id,
    title,
    packages: { typescript: version, '@types/node': '20.19.43' },
    manifest: { type },
    files: {
      'app.ts': started,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          strict: true,
          target: 'es2022',
          types: ['node'],
          outDir: 'dist',
          skipLibCheck: false,
          ...options,
        },
        files: ['app.ts'],
      }),
    },
    steps: ['node_modules/.bin/tsc', 'node dist/app.js'],
    expect: 'hello 1 0 function function',
  };
}

const ts5 = '5.9.3';
const ts6 = '6.0.3';
const lib = ['es2023', 'esnext.disposable'];

/** The ways in which TypeScript finds a package's types. */
export const typescript: readonly Host[] = [
  project('ts-nodenext', 'TypeScript nodenext, ES modules', ts6, { module: 'nodenext', lib }, 'module'),
  project('ts-nodenext-cjs', 'TypeScript nodenext, CommonJS', ts6, { module: 'nodenext', lib }, 'commonjs'),
  project(
    'ts-node16',
    'TypeScript node16, CommonJS',
    ts5,
    { module: 'node16', moduleResolution: 'node16', lib },
    'commonjs',
  ),
  project(
    'ts-node10',
    'TypeScript node10, CommonJS',
    ts5,
    { module: 'commonjs', moduleResolution: 'node10', lib },
    'commonjs',
  ),
  project('ts-bundler', 'TypeScript bundler', ts6, { module: 'esnext', moduleResolution: 'bundler', lib }, 'module'),
  {
    ...project(
      'ts-mixed',
      'TypeScript node16, one project of both kinds: one type of client',
      ts5,
      { module: 'node16', lib },
      'commonjs',
    ),
    files: {
      'work.cts': program,
      'app.mts': `
import { Codex } from 'twinproof';
import { memoryEngine } from 'twinproof/testing';
import { work } from './work.cjs';
const client: Codex = memoryEngine({ 'turn/start': () => 'hello' }).codex();
work(client).then((text) => console.log(text));\n`,
      'tsconfig.json': JSON.stringify({
        compilerOptions: { strict: true, target: 'es2022', types: ['node'], outDir: 'dist', module: 'node16', lib },
        files: ['app.mts', 'work.cts'],
      }),
    },
    steps: ['node_modules/.bin/tsc', 'node dist/app.mjs'],
  },
];
