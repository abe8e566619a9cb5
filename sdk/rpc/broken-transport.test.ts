import { expect, test } from 'vitest';
import { setUp } from '../test-fixtures/memory-connection.ts';

test.each([
  ['rejects', () => Promise.reject(new Error('no end'))],
  ['throws', () => fail('no end')],
  ['is no promise', () => undefined as unknown as Promise<void>],
])(
  'a transport whose send throws ends the connection, for everyone who waits; and whose close %s',
  async (_, close) => {
    let failing = false;
    const send = () => void (failing && fail('broken pipe'));
    const { connection, send: say } = await setUp({}, { send, close });
    const waiting = connection.request('m', {});
    failing = true;
    say({ id: 1, method: 'ask', params: {} });
    await expect(waiting).rejects.toThrow('broken pipe');
    await connection.close();
    await expect(connection.request('m', {})).rejects.toThrow('Codex process is not running');
    const asked = await setUp({}, { send, close });
    await expect(asked.connection.request('m', {})).rejects.toThrow('broken pipe');
    failing = false;
    await expect(asked.connection.request('m', {})).rejects.toThrow('broken pipe');
    failing = true;
    const told = await setUp({}, { send, close });
    for (let times = 2; times > 0; times--) expect(() => told.connection.notify('n')).toThrow('broken pipe');
  },
);

function fail(message: string): never {
  throw new Error(message);
}
