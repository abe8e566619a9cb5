import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { approve, compareVersions, readApprovals } from './approvals.ts';
import { exitCodes, semverOf, verdictOf } from './conclude.ts';
import type { Approval, BumpReport, Change } from './types.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'twinproof-approvals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const change = (of: Partial<Change> = {}): Change => ({
  ...{ fingerprint: 'aaaaaaaaaaaa', source: 'contract', class: 'breaking', classes: { sent: 'breaking' } },
  ...{ direction: 'sent', place: 'SandboxMode=x', what: 'enum-value-removed', messages: [], provenBy: [] },
  ...{ blame: 'engine', scenarios: 0, ...of },
});
const approval = (of: Partial<Approval> = {}): Approval => ({
  ...{ fingerprint: 'aaaaaaaaaaaa', from: '0.163.0', to: '0.166.0', reason: 'Nobody offers it.', ...of },
});
const step = (from: string, to: string, python = { from: '0.163.0', to: '0.163.0' }) => ({ from, to, python });

test.each<[string, Approval, ReturnType<typeof step>, boolean, number]>([
  ['its own step', approval(), step('0.163.0', '0.166.0'), true, 0],
  ['a longer step', approval(), step('0.160.0', '0.171.0'), true, 0],
  ['a later step', approval(), step('0.166.0', '0.171.0'), false, 0],
  ['a part of it', approval(), step('0.164.0', '0.166.0'), false, 0],
  ['another change', approval({ fingerprint: 'bbbbbbbbbbbb' }), step('0.163.0', '0.166.0'), false, 1],
  ['another change of another step', approval({ fingerprint: 'bbbbbbbbbbbb' }), step('0.163.0', '0.169.0'), false, 0],
])('an approval on %s', (_, given, on, approved, unmatched) => {
  const { changes, approvals } = approve([change()], [given], on);
  expect(changes[0]?.approved).toBe(approved ? given.reason : undefined);
  expect(approvals.applied).toEqual(approved ? [given] : []);
  expect(approvals.unmatched).toHaveLength(unmatched);
});

test('a change of the Python SDK is approved on the step between two of them', () => {
  const surface = change({ source: 'surface', blame: 'python' });
  const pythons = { from: '0.163.0', to: '0.166.0' };
  expect(approve([surface], [approval()], step('0.171.0', '0.172.0', pythons)).changes[0]?.approved).toBeDefined();
  expect(approve([surface], [approval()], step('0.163.0', '0.166.0')).changes[0]?.approved).toBeUndefined();
});

const report = (of: Partial<BumpReport>) => ({
  ...{ changes: [], edits: [], unchecked: [], approvals: { applied: [], unmatched: [] } },
  ...of,
});

test.each<[string, Partial<BumpReport>, number]>([
  ['nothing', {}, 0],
  ['something new', { changes: [change({ class: 'additive' })] }, 0],
  ['something new that ours does in another way', { changes: [change({ class: 'additive', blame: 'ours' })] }, 1],
  ['a break', { changes: [change()] }, 1],
  ['another behaviour', { changes: [change({ class: 'behaviour' })] }, 1],
  ['an approved break', { changes: [change({ approved: 'Nobody offers it.' })] }, 0],
  ['an edit', { edits: [{ todo: 'Remove it.', fingerprints: [] }] }, 1],
  ['an approval of nothing', { approvals: { applied: [], unmatched: [approval()] } }, 1],
  ['a break, and a part that could not be checked', { changes: [change()], unchecked: ['No registry.'] }, 3],
])('%s: the exit code', (_, of, code) => {
  expect(exitCodes[verdictOf(report(of))]).toBe(code);
});

test.each<[Change[], string]>([
  [[], 'none'],
  [[change({ class: 'behaviour', what: 'model-request', source: 'behaviour' })], 'patch'],
  [[change({ class: 'additive', direction: 'none' })], 'patch'],
  [[change({ class: 'additive' })], 'minor'],
  [[change({ class: 'additive' }), change({ class: 'behaviour' })], 'minor'],
  [[change({ class: 'additive' }), change({ approved: 'Nobody offers it.' })], 'major'],
])('%j asks for a release: %s', (changes, semver) => {
  expect(semverOf(changes)).toBe(semver);
});

test('versions are ordered by their numbers, and a preview comes before its release', () => {
  const ordered = ['0.9.0', '0.10.0-alpha.2', '0.10.0-alpha.10', '0.10.0', '0.100.0'];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
});

const file = path.join(folder, 'bump-approvals.yaml');
const write = (text: string) => writeFileSync(file, text);
const entry = '- fingerprint: aaaaaaaaaaaa\n  from: 0.163.0\n  to: 0.166.0\n  reason: Nobody offers it.\n';

test('the committed approvals are as their schema says', async () => {
  await readApprovals(path.join(import.meta.dirname, '..', '..', 'fixtures', 'bump-approvals.yaml'));
  write(entry);
  expect(await readApprovals(file)).toEqual([approval()]);
});

test.each([
  [entry.replace('aaaaaaaaaaaa', 'aaa'), /:1:16: expected/],
  [entry.replace('0.166.0', 'latest'), /:3:7: expected/],
  [entry.replace('0.166.0', '0.159.0'), ':3:7: expected a version after 0.163.0, got 0.159.0'],
  [entry.replace('Nobody offers it.', 'no'), /:4:11: expected/],
  [entry + entry, 'expected each fingerprint once, got aaaaaaaaaaaa again'],
])('approvals that are wrong are told with their place: %j', async (text, told) => {
  write(text);
  await expect(readApprovals(file)).rejects.toThrow(told);
});
