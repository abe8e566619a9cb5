import { expect, test } from 'vitest';
import { unixSocket, webSocket } from './attach.ts';

test.each([
  ['an empty path', () => unixSocket(''), 'expected the path of a socket, got an empty string'],
  ['the URL of a socket', () => unixSocket('unix:///run/s'), 'got a URL. Leave its unix:// out'],
  ['a path that is no text', () => unixSocket(7 as never), 'path'],
  ['no URL', () => webSocket('not a url'), 'got a text that is not a URL'],
  ['a number', () => webSocket(7 as never), 'url'],
  ['another protocol', () => webSocket('http://127.0.0.1'), 'one that begins with http:'],
  ['a user', () => webSocket('ws://al@127.0.0.1'), 'Give the secret as token'],
  ['a password', () => webSocket('ws://:secret@127.0.0.1'), 'Give the secret as token'],
  ['a token to another machine', () => webSocket('ws://example.org', { token: 'x' }), 'ws: to example.org'],
])('%s is refused', (_name, make, words) => {
  expect(make).toThrow(TypeError);
  expect(make).toThrow(words);
});

test.each([
  'ws://127.0.0.1:4500',
  'ws://127.1.2.3',
  'ws://localhost',
  'ws://[::1]:1',
  'wss://example.org',
  new URL('wss://a'),
])('a token may go to %s', (url) => {
  expect(typeof webSocket(url, { token: 'x' })).toBe('function');
});

test('without a token, any WebSocket will do', () => {
  expect(typeof webSocket('ws://example.org')).toBe('function');
  expect(() => webSocket('ws://example.org', { token: 7 } as never)).toThrow('token');
});
