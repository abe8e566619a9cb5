import { expect, test } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import { loadWindow, loadWindowContract, namesInContract, namesLackingIn } from './window.ts';

const { engines } = readEngineLock();

test('the contract of every engine of the lock is committed, and made from the locked binary', async () => {
  const window = await loadWindow();
  expect(window.map(({ version }) => version)).toEqual(Object.keys(engines));
  for (const { version, index } of window) {
    expect(index.engineVersion).toBe(version);
    expect(Object.values(engines[version] ?? {}).map(({ sha256 }) => sha256)).toContain(index.engineSha256);
  }
});

test('scenarios may name what any engine of the window has, and each engine says what it lacks', async () => {
  const names = namesInContract(await loadWindowContract());
  for (const contract of await loadWindow()) {
    const own = namesInContract(contract);
    const lacks = await namesLackingIn(contract.version);
    expect([...own, ...lacks].filter((name) => !names.has(name))).toEqual([]);
    expect(
      [...names].filter((name) => own.has(name) === lacks.has(name)),
      contract.version,
    ).toEqual([]);
  }
  expect((await namesLackingIn('0.171.0')).has('currentTime/read')).toBe(true);
  expect((await namesLackingIn('0.163.0')).has('thread/section/changed')).toBe(true);
  expect(await namesLackingIn('9.9.9')).toEqual(new Set());
});
