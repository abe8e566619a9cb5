import { commonJsProgram, type Host, module, program, said } from './host.ts';

/** Where a program runs, and as whom. */
export const runtimes: readonly Host[] = [
  {
    id: 'node-cjs',
    title: 'Node, CommonJS, without a warning',
    files: { 'app.cjs': commonJsProgram },
    steps: ['node --throw-deprecation --pending-deprecation app.cjs'],
    expect: said,
  },
  {
    id: 'node-both',
    title: 'one program that imports and requires: one copy of each class',
    files: {
      'app.mjs': `
import { createRequire } from 'node:module';
import * as imported from 'twinproof';
const required = createRequire(import.meta.url)('twinproof');
console.log(required.Codex === imported.Codex);\n`,
    },
    steps: ['node app.mjs'],
    expect: 'true',
  },
  {
    id: 'bun',
    title: 'Bun',
    packages: { bun: '1.4.4' },
    files: { 'app.mjs': program },
    steps: ['node_modules/.bin/bun app.mjs'],
    expect: said,
  },
  {
    id: 'worker',
    title: 'a worker thread',
    files: {
      'work.mjs': module,
      'worker.mjs': `
import { parentPort } from 'node:worker_threads';
import { work } from './work.mjs';
parentPort.postMessage(await work());\n`,
      'app.mjs': `
import { Worker } from 'node:worker_threads';
new Worker(new URL('worker.mjs', import.meta.url)).on('message', console.log);\n`,
    },
    steps: ['node app.mjs'],
    expect: said,
  },
  {
    id: 'nameless',
    title: 'a container: a user without a name, no HOME, no TMPDIR',
    files: {
      'work.mjs': module,
      'app.mjs': `
import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { loginWithAuthJson } from 'twinproof/exec';
import { record, scriptedModel } from 'twinproof/testing';
import { work } from './work.mjs';
const refused = [];
for (const [name, ask] of Object.entries({ userInfo, homedir })) try { ask(); } catch { refused.push(name); }
// The engine wants a home, whoever starts it.
process.env.CODEX_HOME = mkdtempSync(join(tmpdir(), 'codex-home-'));
const did = await work();
await loginWithAuthJson({ authJson: '{}', path: join(process.env.CODEX_HOME, 'auth.json') });
const home = await loginWithAuthJson({ authJson: '{}' }).catch((error) => error.name);
const model = await scriptedModel([{ message: 'hi' }]);
const recorder = await record({ file: join(process.env.CODEX_HOME, 'run.jsonl') });
await (await recorder.codex({ env: model.config.env }).threadStart()).run('hi');
await recorder.finish();
await model.close();
console.log([did, ...refused, home].join(' '));\n`,
    },
    steps: ['node app.mjs'],
    without: ['HOME', 'TMPDIR', 'USER', 'LOGNAME'],
    nameless: true,
    expect: `${said} userInfo homedir CodexAuthError`,
  },
  {
    id: 'no-temp',
    title: 'a temporary folder that is not there',
    files: {
      'app.mjs': `
import { Codex } from 'twinproof/exec';
import { fakeEngine } from 'twinproof/testing';
process.env.TMPDIR = '/not/there';
const failures = [
  await new Codex().startThread().run('hi', { outputSchema: { type: 'object' } }).catch((error) => error),
  await Codex.install({ version: '1', baseUrl: 'file:///nowhere', installDir: '/nowhere' }).catch((error) => error),
];
const kit = await fakeEngine([{ auto: ['thread/start'] }]).catch((error) => error);
console.log(failures.map(({ kind }) => kind).join(), /TMPDIR/.test(kit.message));\n`,
    },
    steps: ['node app.mjs'],
    expect: 'launch,install true',
  },
  {
    id: 'asar',
    title: "Electron's archive, the engine left out of it",
    packages: { '@electron/asar': '3.4.1' },
    files: {
      'app/app.mjs': program,
      // Electron reads the archive like a folder and starts nothing from it: a folder of the same name whose files cannot be executed.
      'pack.mjs': `
import { chmodSync, cpSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import asar from '@electron/asar';
cpSync('node_modules', 'app/node_modules', { recursive: true });
await asar.createPackageWithOptions('app', 'made/app.asar', { unpackDir: '**/vendor' });
asar.extractAll('made/app.asar', 'resources/app.asar');
for (const entry of readdirSync('resources/app.asar', { recursive: true, withFileTypes: true }))
  if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o644);
renameSync('made/app.asar.unpacked', 'resources/app.asar.unpacked');\n`,
    },
    steps: ['node pack.mjs', 'node resources/app.asar/app.mjs'],
    expect: said,
  },
];
