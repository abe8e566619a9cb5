import { expect, test } from 'vitest';
import { loadWindow } from '../../harness/contract/window.ts';
import { readEngineLock } from '../../native/index.ts';
import { declareTypes } from './declare-types.ts';
import { GapList } from './gaps.ts';
import { mergeWindow } from './merge-window.ts';
import { wordsOfEvent } from './protocol-files.ts';
import { eventSentences, eventsInWords, itemsInWords, typeWords } from './protocol-words.ts';

const merged = mergeWindow(await loadWindow(), readEngineLock().pin);
const { serverNotifications } = merged.methods;
const declared = declareTypes(merged).join('\n');

/** The names of a declared type's fields. */
function fieldsOf(type: string): string[] {
  const declaration =
    new RegExp(`^export (?:interface ${type}|type ${type} =) \\{\\n.*?^\\}.*?$`, 'ms').exec(declared)?.[0] ?? '';
  const own = declaration.matchAll(/^ {2}(\w+)\??:/gm);
  const alternatives = declaration.slice(declaration.lastIndexOf('\n')).matchAll(/\{ (\w+):/g);
  return [...own, ...alternatives].map(([, name]) => name as string);
}

test('the words are those of the contract: of each type every field, and none that it has not', () => {
  for (const [type, { fields }] of Object.entries(typeWords))
    expect(Object.keys(fields).sort(), type).toEqual(fieldsOf(type).sort());
});

test('every event has words, once, and every item', () => {
  const events = [...eventsInWords, ...Object.keys(eventSentences)];
  expect(events.sort()).toEqual(Object.keys(serverNotifications).sort());
  for (const method of eventsInWords) expect(typeWords).toHaveProperty(String(serverNotifications[method]?.params));
  const items = [...declared.matchAll(/^export (?:interface|type) (\w+ThreadItem)\b/gm)].map(([, name]) => name);
  expect([...itemsInWords].sort()).toEqual(items.sort());
  expect([eventsInWords.length, itemsInWords.length]).toEqual([20, 19]);
});

test('what a new engine adds is told as a gap', () => {
  const gaps = new GapList();
  const { Turn, SleepThreadItem: _sleep, ...others } = typeWords;
  const { id: _id, ...fields } = Turn?.fields ?? {};
  declareTypes(merged, gaps, { ...others, Turn: { is: '', fields } });
  wordsOfEvent('turn/new', 'TurnNewNotification', gaps);
  expect(gaps.told).toEqual([
    'Words of SleepThreadItem are missing in scripts/contract/protocol-words.ts',
    'Words of the field id of Turn are missing in scripts/contract/protocol-words.ts',
    'Words of the event turn/new are missing in scripts/contract/protocol-words.ts',
  ]);
});
