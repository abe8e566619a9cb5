import { expect, test } from 'vitest';
import { loadContract } from './load-contract.ts';
import { TypeValidator } from './type-validator.ts';

test('the pinned contract counts what the engine has, and its oddest types compile', async () => {
  const contract = await loadContract();
  const { counts } = contract.index;
  expect(counts.clientRequests).toEqual({ stable: 110, experimental: 79 });
  expect(counts.serverRequests).toEqual({ stable: 10, experimental: 0 });
  expect(counts.serverNotifications).toEqual({ listed: 87, unlisted: 2 });
  const types = new TypeValidator(contract);
  for (const type of [
    'ThreadItem',
    'Config',
    'HookMetadata',
    'McpServerElicitationRequestParams',
    'ThreadRealtimeItem',
    'CodexErrorInfo',
  ]) {
    expect(types.check(type, 5)?.path, type).toBe('');
  }
  expect(() => types.check('Nothing', 5)).toThrow('the contract has no type Nothing');
});

test('a version without a contract is named in the error', async () => {
  await expect(loadContract('0.0.1')).rejects.toThrow('Loading the contract of engine 0.0.1');
});
