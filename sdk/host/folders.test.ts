import * as os from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { loginWithAuthJson } from '../exec/login-with-auth-json.ts';
import { homeFolder, userName } from './folders.ts';

vi.mock('node:os', async (original) => ({ ...(await original<typeof os>()) }));
afterEach(() => void vi.restoreAllMocks());

test('a user whom the machine does not know has no name and no home, and that is no error', async () => {
  const unknown = () => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { name: 'SystemError' });
  };
  expect([typeof userName(), typeof homeFolder()]).toEqual(['string', 'string']);
  vi.spyOn(os, 'userInfo').mockImplementation(unknown);
  vi.spyOn(os, 'homedir').mockImplementation(unknown);
  expect([userName(), homeFolder()]).toEqual([undefined, undefined]);
  await expect(loginWithAuthJson({ authJson: '1', path: '~/auth.json' })).rejects.toMatchObject({
    name: 'CodexAuthError',
    message: 'Reading the path ~/auth.json: expected a home folder, got a user without one. Set HOME.',
  });
  vi.spyOn(os, 'homedir').mockReturnValue('');
  expect(homeFolder()).toBeUndefined();
});
