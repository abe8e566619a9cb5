import { expect, test } from 'vitest';
import { isLoopback, parseListenUrl } from './listen-url.ts';

test('reads what the engine takes', () => {
  expect(parseListenUrl('ws://127.0.0.1:0')).toEqual({ kind: 'ws', host: '127.0.0.1', port: 0 });
  expect(parseListenUrl('ws://[::1]:8080')).toEqual({ kind: 'ws', host: '::1', port: 8080 });
  expect(parseListenUrl('unix:///a b')).toEqual({ kind: 'unix', path: '/a b' });
  expect(parseListenUrl('unix://')).toEqual({ kind: 'unix', path: undefined });
  expect(parseListenUrl('off')).toEqual({ kind: 'off' });
});

test.each([
  'ws://localhost:0',
  'ws://127.0.0.1',
  'ws://127.0.0.1:99999',
  'ws://127.0.0.1:0/x',
  'ws://256.0.0.1:0',
  'ws://[::z]:0',
  'ws://:0',
])('refuses %s', (url) => {
  expect(() => parseListenUrl(url)).toThrow(`invalid websocket --listen URL \`${url}\`; expected \`ws://IP:PORT\``);
});

test('knows which addresses only this machine reaches', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1'].map(isLoopback)).toEqual([true, true, true, true]);
  expect(['0.0.0.0', '128.0.0.1', '::', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([false, false, false, false]);
});
