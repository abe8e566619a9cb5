import { commonJsModule, type Host, module, said } from './host.ts';

const jest = { jest: '30.5.2' };

/** Jest, which loads modules by itself and can replace every timer of the program. */
export const testRunners: readonly Host[] = [
  {
    id: 'jest-cjs',
    title: 'Jest, CommonJS, with fake timers',
    packages: jest,
    files: {
      'work.js': commonJsModule,
      'app.test.js': `
const { work } = require('./work.js');
jest.useFakeTimers();
test('works', async () => { process.stdout.write((await work()) + '\\n'); });\n`,
    },
    steps: ['node node_modules/jest/bin/jest.js'],
    expect: said,
  },
  {
    id: 'jest-esm',
    title: 'Jest, ES modules, with fake timers',
    packages: jest,
    manifest: { type: 'module', jest: { transform: {} } },
    files: {
      'work.js': module,
      'app.test.js': `
import { jest } from '@jest/globals';
import { work } from './work.js';
jest.useFakeTimers();
test('works', async () => { process.stdout.write((await work()) + '\\n'); });\n`,
    },
    steps: ['node --experimental-vm-modules node_modules/jest/bin/jest.js'],
    expect: said,
  },
  {
    id: 'jest-reset',
    title: 'Jest with modules made anew: input of one copy, for a client of the other',
    packages: jest,
    files: {
      'app.test.js': `
test('works', async () => {
  const { TextInput, JsonRpcError } = require('twinproof');
  jest.resetModules();
  const { memoryEngine } = require('twinproof/testing');
  const engine = memoryEngine({ 'turn/start': () => 'hello', 'thread/archive': () => { throw new JsonRpcError(-32001, 'busy'); } });
  const codex = engine.codex();
  const { finalResponse } = await (await codex.threadStart()).run(new TextInput('hi'));
  const error = await codex.threadArchive('t').catch((reason) => reason);
  await engine.close();
  process.stdout.write([finalResponse, error.code, error instanceof JsonRpcError].join(' ') + '\\n');
});\n`,
    },
    steps: ['node node_modules/jest/bin/jest.js'],
    expect: 'hello -32001 true',
  },
];
