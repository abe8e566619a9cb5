import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

// What has been loaded once is there at once: each test begins as a program does.
beforeEach(() => void vi.resetModules());

const closed = { name: 'TransportClosedError' };

test('a close while hooks are opened leaves no folder and no socket of theirs, and no engine', async () => {
  const { Codex } = await import('./codex.ts');
  const folder = mkdtempSync(join(tmpdir(), 'tc-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  // Once while the client itself is loading, and once while the hooks are.
  for (const _ of ['first', 'second']) {
    const codex = new Codex({ codexBin: process.execPath, hooks: { stop: () => undefined } });
    const connecting = expect(codex.connect()).rejects.toMatchObject(closed);
    await codex.close();
    await connecting;
    expect(readdirSync(folder)).toEqual([]);
  }
});

test('a close while a connection to a running engine is made leaves no socket', async () => {
  const { Codex } = await import('./codex.ts');
  const { webSocket } = await import('../attach/attach.ts');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  for (const _ of ['first', 'second']) {
    const codex = new Codex({ transport: webSocket(`ws://127.0.0.1:${port}`) });
    const connecting = expect(codex.connect()).rejects.toMatchObject({ kind: 'transport-closed' });
    await codex.close();
    await connecting;
  }
  while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
});
