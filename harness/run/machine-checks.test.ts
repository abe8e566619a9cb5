import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultFolders } from './folders.ts';
import { dataChecks } from './machine-checks.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'twinproof-machine-checks-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a scenario of the pin needs a golden, one of other engines does not', async () => {
  const scenarios = path.join(folder, 'scenarios');
  await mkdir(path.join(scenarios, 'x'), { recursive: true });
  const look = async (...names: [name: string, line: string][]) => {
    for (const [name, line] of names) {
      const text = `id: x/${name}\ntitle: Of its time\nfamily: app-server\ncovers: []\n${line}steps:\n  - { call: codex.models, as: m }\n`;
      await writeFile(path.join(scenarios, 'x', `${name}.yaml`), text);
    }
    const goldens = path.join(folder, 'goldens');
    return dataChecks({ ...defaultFolders(folder), scenarios, goldens }).scenarios?.();
  };
  expect(await look(['old', 'until: 0.163.0\n'])).toBe('0, each with its golden; 1 more for other engines');
  await expect(look(['now', ''])).rejects.toThrow('got none of x/now. npm run record -- x/now');
});
