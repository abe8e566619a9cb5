import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['native', 'sdk', 'testing', 'harness', 'cli', 'scripts', 'ci'];
const sources = folders.flatMap((folder) => {
  const names = readdirSync(root).includes(folder)
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    : [];
  return names.map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
});

// Every user of a machine can find a port: one place gives each server a secret address. The socket of hooks is in a folder that
// only its user may enter, and asks for a token, too. The tee of a listening engine, and the host of explored engines, have a socket in the folder of their cells.
test('no server is started but in one place, which asks for a token', () => {
  const code = sources.filter(
    (name) => /\.m?ts$|\.mjs$/.test(name) && !/\.test\.ts$|\/test-fixtures\/|node_modules/.test(name),
  );
  const starting = code.filter((name) =>
    /\bcreateServer\(|\bnew WebSocketServer\(/.test(readFileSync(join(root, name), 'utf8')),
  );
  expect(starting).toEqual([
    'sdk/hooks/open-hooks.ts',
    'sdk/host/loopback-server.ts',
    'testing/engine/tee-listen.mjs',
    'harness/explore/worker/engine-host.ts',
  ]);
});
