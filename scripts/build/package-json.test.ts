import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { protocolVersion } from '../../sdk/protocol/index.ts';
import { publishedPackageJson } from './package-json.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the package asks for exactly the engine that its types were made from, and for nothing else at run time', () => {
  const published = publishedPackageJson(root) as { peerDependencies: Record<string, string> };
  expect(published.peerDependencies['@openai/codex']).toBe(protocolVersion);
  expect(JSON.parse(readFileSync(`${root}/native/engine.lock.json`, 'utf8'))).toMatchObject({
    pin: protocolVersion,
  });
  expect(published).not.toHaveProperty('dependencies');
});
