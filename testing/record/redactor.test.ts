import { expect, test } from 'vitest';
import { createRedactor } from './redactor.ts';

const make = () =>
  createRedactor({
    secrets: ['s3cret "quoted"', 's3cret'],
    paths: [
      ['/home/al', '<home>'],
      ['/home/al/my work', '<workspace>'],
      ['/', '<root>'],
    ],
    user: 'al',
    host: 'big-box',
  });

test('folders: the longest first, whole names only, in addresses and within JSON', () => {
  const { text, counts } = make();
  expect(text('/home/al/my work/a, /home/al/b, /home/alice, file:///home/al/my%20work/a, -I/home/al')).toBe(
    '<workspace>/a, <home>/b, /home/alice, file://<workspace>/a, -I<home>',
  );
  expect(counts).toEqual({ path: 4 });
});

test('the user in paths, also on Windows; not in words', () => {
  expect(make().text('/mnt/al/x C:\\Users\\al\\x /mnt/alp al')).toBe('/mnt/<user>/x C:\\Users\\<user>\\x /mnt/alp al');
});

test('the machine', () => {
  expect(make().text('on big-box and big-box2')).toBe('on <host> and big-box2');
});

test('a known secret in values, keys, JSON texts and addresses', () => {
  const { value, counts } = make();
  const given = {
    'a s3cret': ['s3cret'],
    json: JSON.stringify({ key: 's3cret "quoted"' }),
    url: 'x?k=s3cret%20%22quoted%22',
  };
  expect(value(given)).toEqual({
    'a <redacted:secret>': ['<redacted:secret>'],
    json: '{"key":"<redacted:secret>"}',
    url: 'x?k=<redacted:secret>',
  });
  expect(counts).toEqual({ secret: 4 });
});

test('a command line says by the name that a value is secret, however short; program texts stay', () => {
  const { argv, text } = make();
  expect(argv(['a.api_key="x y"', 'OPENAI_API_KEY=x', 'model="gpt"', '--api-key', 'x', '--token=1', '--json'])).toEqual(
    [
      'a.api_key=<redacted>',
      'OPENAI_API_KEY=<redacted>',
      'model="gpt"',
      '--api-key',
      '<redacted>',
      '--token=<redacted>',
      '--json',
    ],
  );
  expect(text('token = next()')).toBe('token = next()');
});

test('what is private by its name: the account’s address, the machine', () => {
  const { value, counts } = make();
  expect(value([{ email: 'a@b' }, { serverName: 'vm' }])).toEqual([
    { email: '<redacted:email>' },
    { serverName: '<host>' },
  ]);
  expect(counts).toEqual({ credential: 1 });
});

test('without a name of the user, folders are folders', () => {
  const { text } = createRedactor({ secrets: [], paths: [], user: '', host: '' });
  expect(text('/mnt/al/x')).toBe('/mnt/al/x');
});
