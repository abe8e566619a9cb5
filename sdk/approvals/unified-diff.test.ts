import { expect, test } from 'vitest';
import type { FileUpdateChange } from '../protocol/index.ts';
import { unifiedDiff } from './unified-diff.ts';

const change = (type: string, diff: string, more: object = {}) =>
  ({ path: '/w/a', diff, kind: { type, ...more } }) as FileUpdateChange;

test.each([
  [change('add', 'one\ntwo\n'), '--- /dev/null\n+++ /w/a\n@@ -0,0 +1,2 @@\n+one\n+two\n'],
  [change('add', 'one'), '--- /dev/null\n+++ /w/a\n@@ -0,0 +1 @@\n+one\n\\ No newline at end of file\n'],
  [change('add', ''), '--- /dev/null\n+++ /w/a\n'],
  [change('delete', 'one\n\n'), '--- /w/a\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-\n'],
  [change('update', '@@ -1 +1 @@\n-a\n+b\n'), '--- /w/a\n+++ /w/a\n@@ -1 +1 @@\n-a\n+b\n'],
  [change('update', '', { move_path: '/w/b' }), '--- /w/a\n+++ /w/b\n'],
])('%j', (one, diff) => {
  expect(unifiedDiff([one])).toBe(diff);
});

test('all files are in one, each whole', () => {
  const both = [change('update', '@@ -1 +1 @@\n-a\n+b'), change('delete', 'x\n')];
  expect(unifiedDiff(both)).toBe(
    '--- /w/a\n+++ /w/a\n@@ -1 +1 @@\n-a\n+b\n--- /w/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
  );
});

test('a change of a later engine is shown as it is', () => {
  expect(unifiedDiff([change('of a later engine', 'what it says\n')])).toBe('--- /w/a\n+++ /w/a\nwhat it says\n');
});
