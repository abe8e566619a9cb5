import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';

const mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';

/** Starts a program that sees a file system of a megabyte in a folder's place; the program and its arguments follow. */
export const onSmallDisk = (folder: string): [string, ...string[]] => ['unshare', '-rm', 'sh', '-c', mount, folder];

/** Whether this user may mount one. */
export async function canMount(): Promise<boolean> {
  const [bin, ...args] = onSmallDisk(tmpdir());
  const child = spawn(bin, [...args, 'true']).on('error', () => {});
  return await once(child, 'exit').then(
    ([code]) => code === 0,
    () => false,
  );
}
