import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expectedGot } from '../../../native/expected-got.mjs';
import { DriverFailure } from '../ts/failures.ts';
import type { ExecClient } from './exec-adapter.ts';
import type { ExecModule } from './exec-module.ts';

/** The originator that the official SDK sends. */
const officialName = 'codex_sdk_ts';

/**
 * The exec SDK of this client id, imported.
 * @throws DriverFailure for any other id
 */
export async function execClient(id: string | undefined): Promise<ExecClient> {
  switch (id) {
    case 'ts-official':
      return {
        id,
        version: officialVersion(),
        clientInfo: { name: officialName },
        module: (await import('@openai/codex-sdk')) as unknown as ExecModule,
      };
    case 'ts-exec': {
      const sdk = await import('../../../sdk/exec.ts');
      return {
        id,
        version: (await import('../../../sdk/version.ts')).version,
        clientInfo: { name: 'codex_sdk_ts' },
        module: sdk as unknown as ExecModule,
        holding: {
          modules: {
            'programs that end with this one': (await import('../../../sdk/transport/live-processes.ts')).live,
            'temporary folders': (await import('../../../sdk/exec/temporary-folder.ts')).folders,
          },
        },
      };
    }
    default:
      throw new DriverFailure(
        expectedGot('loading an exec client', 'ts-official or ts-exec', JSON.stringify(id) ?? 'nothing'),
      );
  }
}

/** Its package does not export `package.json`, so it is read next to the entry. */
function officialVersion(): string {
  const file = fileURLToPath(new URL('../package.json', import.meta.resolve('@openai/codex-sdk')));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
