import { expect, test } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import { loadContract } from './load-contract.ts';
import { fieldsAdded, loadWindow, loadWindowContract, namesInContract, namesLackingIn } from './window.ts';

const { pin, engines } = readEngineLock();

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
  expect((await namesLackingIn(pin)).has('thread/section/changed')).toBe(true);
  expect(await namesLackingIn('9.9.9')).toEqual(new Set());
});

test('the fields that types gain are found, in variants too, and those of new types are not', async () => {
  const contract = await loadContract();
  expect(fieldsAdded(contract, contract)).toEqual(new Set());
  const after = structuredClone(contract);
  const { definitions } = after.schema;
  definitions.Thread = { ...definitions.Thread, properties: { ...definitions.Thread?.properties, brandNew: {} } };
  const [first, ...rest] = definitions.ThreadItem?.oneOf ?? [];
  const variant = {
    ...(first as object),
    properties: { ...(first as { properties: object }).properties, inVariant: {} },
  };
  definitions.ThreadItem = { ...definitions.ThreadItem, oneOf: [variant, ...rest] };
  definitions.NewType = { properties: { ofNewType: {} } };
  expect(fieldsAdded(contract, after)).toEqual(new Set(['brandNew', 'inVariant']));
});
