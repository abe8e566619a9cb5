import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { Registry } from '../../native/test-fixtures/registry.ts';
import { conclude } from './main.ts';

const root = path.join(import.meta.dirname, '..', '..');

test('without a registry nothing that was planned ran: that is no success', async () => {
  const dead = await new Registry([]).listen();
  const { url } = dead;
  await dead[Symbol.asyncDispose]();
  const done = await execa(process.execPath, [path.join(root, 'ci/hosts.mjs'), '--only', 'npm'], {
    cwd: root,
    env: { npm_config_registry: url, NO_COLOR: '1' },
    reject: false,
  });
  expect(done.exitCode).toBe(1);
  expect(done.stdout.split('\n')).toEqual([
    'Failed:',
    '  ✘ hosts: Running the hosts: expected at least one of 1, got none, as no package registry answers.',
    '0 passed, 1 failed',
  ]);
});

test.each([
  ['all ran well', { hosts: 2, ran: 2, failures: [] }, 0, '2 passed, 0 failed'],
  ['one lacks what it needs', { hosts: 2, ran: 1, failures: [] }, 0, '1 passed, 0 failed'],
  ['one failed', { hosts: 2, ran: 2, failures: ['a: broke'] }, 1, '1 passed, 1 failed'],
  ['none could run', { hosts: 2, ran: 0, failures: [] }, 1, '0 passed, 1 failed'],
])('%s: the exit code and the last line', (_, counted, code, last) => {
  const lines: string[] = [];
  expect(conclude(counted, 'it lacks root', { out: (...some) => void lines.push(...some) })).toBe(code);
  expect(lines.at(-1)).toBe(last);
});
