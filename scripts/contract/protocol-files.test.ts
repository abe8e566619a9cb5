import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadWindow } from '../../harness/contract/window.ts';
import { readEngineLock } from '../../native/index.ts';
import { staleFiles } from '../generate/publish-folder.ts';
import { mergeWindow } from './merge-window.ts';
import { protocolFiles } from './protocol-files.ts';

test('the committed types are those of the committed contracts', async () => {
  const folder = fileURLToPath(new URL('../../sdk/protocol', import.meta.url));
  expect(await staleFiles(folder, protocolFiles(mergeWindow(await loadWindow(), readEngineLock().pin)))).toEqual([]);
});
