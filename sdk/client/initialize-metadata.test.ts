import { expect, test } from 'vitest';
import { initializeMetadata } from './initialize-metadata.ts';

test.each([
  [{ userAgent: 'u/1', serverInfo: { name: ' n ', version: '' } }, 'n', '1'],
  [{ userAgent: 'u/1', serverInfo: null }, 'u', '1'],
  [{ userAgent: 'u 1 beta' }, 'u', '1 beta'],
  [
    { userAgent: 'sdk/0.163.0 (Debian 12.0.0; x86_64) xterm (sdk; 1)' },
    'sdk',
    '0.163.0 (Debian 12.0.0; x86_64) xterm (sdk; 1)',
  ],
  [{ userAgent: 'x', serverInfo: { name: 'n', version: '2' } }, 'n', '2'],
])('%j', (answer, name, version) => {
  expect(initializeMetadata(answer).serverInfo).toMatchObject({ name, version });
});

test('what else the engine says is kept', () => {
  const answer = { userAgent: 'u/1', platformOs: 'linux', further: [1] };
  expect(initializeMetadata(answer)).toEqual({ ...answer, serverInfo: { name: 'u', version: '1' } });
});

test.each([
  [{}, "(user_agent='', server_name='', server_version='')"],
  [{ userAgent: ' ', serverInfo: { name: 'n', version: '1' } }, "(user_agent='', server_name='n', server_version='1')"],
  [{ userAgent: 'alone' }, "(user_agent='alone', server_name='alone', server_version='')"],
  [{ userAgent: '/1' }, "(user_agent='/1', server_name='', server_version='1')"],
])('%j is not enough', (answer, seen) => {
  expect(() => initializeMetadata(answer)).toThrow(`initialize response missing required metadata ${seen}`);
});

test('a part of the wrong type is named', () => {
  expect(() => initializeMetadata({ userAgent: 5 })).toThrow('userAgent must be a string, not number');
  expect(() => initializeMetadata({ userAgent: 'u/1', serverInfo: [] })).toThrow('serverInfo must be an object');
});
