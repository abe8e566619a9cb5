import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compareVersions } from '../../harness/scenario/index.ts';
import { readEngineLock } from '../../native/index.ts';
import { protocolVersion } from '../../sdk/protocol/index.ts';
import { publishedPackageJson } from './package-json.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the package takes every engine of the window, which has the one that its types were made from, and needs nothing else at run time', () => {
  const published = publishedPackageJson(root) as { peerDependencies: Record<string, string> };
  const { pin, engines } = readEngineLock();
  expect(pin).toBe(protocolVersion);
  const versions = Object.keys(engines);
  expect(versions).toEqual(versions.toSorted(compareVersions));
  expect(published.peerDependencies['@openai/codex']).toBe(`>=${versions[0]} <=${versions.at(-1)}`);
  expect(published).not.toHaveProperty('dependencies');
});
