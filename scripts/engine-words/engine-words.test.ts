import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadWindow } from '../../harness/contract/window.ts';
import { decidingPlaces } from './decisions.ts';
import { findDecisions, wordsOf, wordsOfExec } from './find-decisions.ts';

const root = join(import.meta.dirname, '../..');

test('every place of the SDK that decides by a word of the engine is listed with what an unknown word does', async () => {
  const words = new Set([...(await loadWindow()).flatMap((contract) => [...wordsOf(contract)]), ...wordsOfExec(root)]);
  const listed = decidingPlaces.flatMap((place) => place.words.map((word) => `${place.file}: ${word}`));
  const found = findDecisions(root, ['sdk', 'testing'], words).filter((place) => !place.startsWith('testing/model/'));
  expect(found).toEqual(listed.sort());
});

test.each(decidingPlaces.flatMap(({ proof }) => (proof === undefined ? [] : [proof])))(
  'the proof is there: %s',
  (proof) => {
    const [file, title] = proof.split(' > ') as [string, string];
    expect(readFileSync(join(root, file), 'utf8')).toContain(title);
  },
);

test.each([
  ["export const is = (one: { type: string }) => one.type === 'idle';", ['idle']],
  ["export const is = (one: string) => 'idle' !== one;", ['idle']],
  ["export function is(one: string) { switch (one) { case 'idle': return 1; } return 2; }", ['idle']],
  ["export const is = (one: string) => one.startsWith('thread/start');", ['thread/start']],
  ["const busy = new Set(['idle', 'other']); export const is = (one: string) => busy.has(one);", ['idle']],
  ["const busy = ['idle'] satisfies string[]; export const is = (one: string) => busy.indexOf(one);", ['idle']],
  ['const answers = { idle: 1 } as Record<string, number>; export const is = (one: string) => answers[one];', ['idle']],
  ["export const say = () => ({ method: 'thread/start', text: 'idle' });", []],
  ["export const is = (one: unknown) => typeof one === 'idle' || one === 'not a word';", []],
])('%s decides by %j', (code, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-words-'));
  try {
    mkdirSync(join(folder, 'sdk'));
    writeFileSync(join(folder, 'sdk/a.ts'), code);
    writeFileSync(join(folder, 'sdk/a.test.ts'), "export const is = (one: string) => one === 'idle';");
    const found = findDecisions(folder, ['sdk'], new Set(['idle', 'thread/start']));
    expect(found).toEqual(expected.map((word) => `sdk/a.ts: ${word}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
