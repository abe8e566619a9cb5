import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Scenario } from '../scenario/types.ts';
import { cellPaths } from './cell.ts';
import { writeHome } from './workspace.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'home-'));
  await mkdir(cellPaths(root).codexHome);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const place = (name: string) => `\${${name}}`;
const write = (more: Partial<Scenario>) => writeHome(cellPaths(root), more as Scenario, 'http://model/v1');

test('files stand in CODEX_HOME, and placeholders for absolute paths', async () => {
  await write({
    home: { 'skills/x/SKILL.md': `in ${place('workspace')}` },
    config: `a = "${place('mcp')}"\nb = "${place('model')}"`,
  });
  const { codexHome, workspace } = cellPaths(root);
  expect(await readFile(join(codexHome, 'skills/x/SKILL.md'), 'utf8')).toBe(`in ${workspace}`);
  const config = await readFile(join(codexHome, 'config.toml'), 'utf8');
  expect(config).toMatch(/\na = ".*mcp-server\.mjs"\nb = "http:\/\/model\/v1"\n$/);
});

test('what cannot be written is refused', async () => {
  await expect(write({ home: { '../x': '' } })).rejects.toThrow('expected a relative path inside');
  await expect(write({ home: { 'config.toml': '' } })).rejects.toThrow(
    "expected the lines of config.toml in the scenario's config",
  );
  await expect(write({ config: `a = "${place('mpc')}"` })).rejects.toThrow('expected one of workspace');
});
