import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { venvPython } from '../../../native/index.ts';
import { readPythonSurface, surfaceCounts, surfaceReport } from './index.ts';
import { readTypeScriptSurface } from './read-typescript.ts';
import { asTheyAre, surfaceItems, withTypes } from './surface-items.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

test('every fact of the Python SDK is mapped, or excepted with a reason that still holds', async () => {
  const report = await surfaceReport(repository, venvPython(repository));
  expect([report.differences, report.stale]).toEqual([[], []]);
  const { python, mapped, exceptions } = surfaceCounts(report);
  expect(mapped + exceptions).toBe(python);
  expect(mapped).toBeGreaterThan(500);
});

test('the compiler sees parameters, the defaults in the code, members, bases and variants', () => {
  const { items } = surfaceItems(readTypeScriptSurface(repository), asTheyAre);
  const item = (name: string) => items.get(name);
  expect(item('Codex.threadStart(approvalMode)')).toMatchObject({
    place: 'option',
    default: 'auto_review',
    required: false,
  });
  expect(item('Codex.threadFork(threadId)')).toMatchObject({ place: 0, required: true });
  expect(item('CodexConfig.experimentalApi')).toMatchObject({ default: true });
  expect(item('ExternalMessage(namespace)')).toMatchObject({ place: 2, required: false, default: null });
  expect(item('Sandbox.fullAccess')).toMatchObject({ value: 'full-access' });
  expect(item('RetryLimitExceededError extends')).toMatchObject({ value: 'ServerBusyError' });
  expect(item('Codex[block]')).toBeDefined();
  expect(item('types.ThreadItem{agentMessage}.text')).toMatchObject({ required: true });
  expect(item('types.SortDirection "desc"')).toBeDefined();
  expect([...items.keys()].filter((name) => name.includes('#') || name.includes('@'))).toEqual([]);
});

test('Python tells the types of parameters, fields and of what is given', async () => {
  const { items } = surfaceItems(await readPythonSurface(repository, venvPython(repository)), withTypes);
  const types = ['Codex.thread_start(sandbox)', 'Codex.thread_start()', 'types.Turn.status', 'CodexConfig.env'];
  expect(types.map((name) => items.get(name)?.type)).toEqual([
    'Sandbox | None',
    'Thread',
    'TurnStatus',
    'dict[str, str] | None',
  ]);
});

test('a Python that cannot be asked is an error that says so', async () => {
  const wanted = /^Reading the surface of the Python SDK with python-golden.surface.py failed$/;
  await expect(readPythonSurface(repository, '/nowhere/python')).rejects.toThrow(wanted);
});
