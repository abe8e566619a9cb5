import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Codex, unixSocket, webSocket } from '../index.ts';

const megabyte = 1024 * 1024;

test.each(['WebSocket', 'unix socket'])(
  'a server that stops reading a %s: what waits is bounded, close ends it',
  async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'not-reading-'));
    const path = join(folder, 's');
    const http = createServer();
    http.listen(kind === 'unix socket' ? { path } : { port: 0, host: '127.0.0.1' });
    await once(http, 'listening');
    const server = new WebSocketServer({ server: http });
    server.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => {
        const { id, method } = JSON.parse(data.toString()) as { id?: string; method: string };
        if (method === 'initialize') socket.send(JSON.stringify({ id, result: { userAgent: 'server/1.0' } }));
        else socket.pause();
      }),
    );
    const transport =
      kind === 'unix socket' ? unixSocket(path) : webSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const codex = new Codex({ transport, unsentLimit: megabyte });
    try {
      await codex.connect();
      const kinds = new Set<string>();
      const calls = Array.from({ length: 100 }, () =>
        codex.threadArchive('x'.repeat(500_000)).catch((error: { kind: string }) => kinds.add(error.kind)),
      );
      await expect(codex.models()).rejects.toMatchObject({ kind: 'not-reading', limitBytes: megabyte });
      await codex.close();
      await Promise.all(calls);
      expect([...kinds].sort()).toEqual(['not-reading', 'transport-closed']);
    } finally {
      await codex.close();
      for (const client of server.clients) client.terminate();
      server.close();
      http.close();
      rmSync(folder, { recursive: true });
    }
  },
);
