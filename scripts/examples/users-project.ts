import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineTarget } from '../../native/engine-layout.mjs';
import { buildPackage } from '../build/build-package.ts';
import { buildFake } from '../build-fake.mjs';

/**
 * A user's project in the temp folder: our package as it is published, the engine where `@openai/codex` puts it, and what a strict TypeScript
 * program needs. Whoever makes it removes it.
 */
export async function usersProject(root: string, engine: string): Promise<string> {
  const project = await realpath(await mkdtemp(join(tmpdir(), 'examples-')));
  try {
    const modules = join(project, 'node_modules');
    await buildFake(root);
    await buildPackage(root, join(modules, 'twinproof'));
    const target = engineTarget(process.platform, process.arch) ?? { package: 'none', triple: 'none' };
    for (const name of ['@openai/codex', target.package]) {
      await mkdir(join(modules, name), { recursive: true });
      await writeFile(join(modules, name, 'package.json'), JSON.stringify({ name, version: '0.0.0' }));
    }
    await mkdir(join(modules, target.package, 'vendor'));
    await symlink(dirname(dirname(engine)), join(modules, target.package, 'vendor', target.triple), 'junction');
    for (const scope of ['@agentclientprotocol', '@ai-sdk', '@types', '@modelcontextprotocol'])
      await mkdir(join(modules, scope));
    for (const name of [
      ...[
        '@agentclientprotocol/sdk',
        '@ai-sdk/provider',
        '@types/node',
        'ai',
        'undici-types',
        'yaml',
        'zod',
        '@modelcontextprotocol/sdk',
      ],
    ])
      await symlink(join(root, 'node_modules', name), join(modules, name), 'junction');
    await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
    return project;
  } catch (error) {
    await rm(project, { recursive: true, force: true });
    throw error;
  }
}
