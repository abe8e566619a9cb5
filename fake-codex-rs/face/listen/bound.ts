import type { Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { FakeError } from '../../fake-error.ts';

/** Errors of the system in the engine's words; it says nothing of the address. */
const words: Record<string, string> = {
  EADDRINUSE: 'Address in use (os error 98)',
  EADDRNOTAVAIL: 'Address not available (os error 99)',
  EACCES: 'Permission denied (os error 13)',
  ENOENT: 'No such file or directory (os error 2)',
};

/**
 * Resolves when the server listens.
 * @throws FakeError (exit 1) where it cannot.
 */
export async function bound(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) =>
      reject(
        new FakeError(`Error: ${words[cause.code ?? ''] ?? cause.message}`, { exitCode: 1, asEngine: true, cause }),
      );
    server.once('error', fail).listen(options, () => {
      server.off('error', fail);
      resolve();
    });
  });
}
