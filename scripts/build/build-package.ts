import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle } from './bundle.ts';
import { writeCommonJs } from './commonjs.ts';
import { fakeBundle, publishedPackageJson } from './package-json.ts';
import { writeTypes } from './types.ts';

const copied = [
  'native/engine.lock.json',
  fakeBundle,
  'LICENSE',
  'NOTICE',
  // What sdk/README.md links, and what those pages link.
  'docs/api',
  'docs/acp.md',
  'docs/ai-sdk.md',
  'docs/approvals.md',
  'docs/attach.md',
  'docs/auto-run.md',
  'docs/cancellation.md',
  'docs/engine.md',
  'docs/events-in-order.md',
  'docs/events.md',
  'docs/exec-differences.md',
  'docs/exec.md',
  'docs/failures.md',
  'docs/files.md',
  'docs/from-codex-sdk.md',
  'docs/from-exec-to-app-server.md',
  'docs/golden-format.md',
  'docs/hooks.md',
  'docs/mcp.md',
  'docs/parity.md',
  'docs/protocol-fields.md',
  'docs/script-format.md',
  'docs/streams.md',
  'docs/structured-output.md',
  'docs/testing.md',
  'docs/telemetry.md',
  'docs/tools.md',
  'docs/using.md',
];

/**
 * Makes the package as it is published, in `dist/package`. What was there before stays until the new one is whole.
 * @param root the repository's folder; the fake engine's bundle must be built
 * @param folder default `dist/package`
 * @throws Error when it does not compile, or a file is missing
 */
export async function buildPackage(
  root: string,
  folder = join(root, 'dist', 'package'),
): Promise<{ folder: string; files: number }> {
  const beside = `${folder}.${process.pid}`;
  try {
    writeTypes(root, beside);
    await bundle(root, beside);
    writeCommonJs(beside);
    for (const file of copied) {
      mkdirSync(dirname(join(beside, file)), { recursive: true });
      cpSync(join(root, file), join(beside, file), { recursive: true });
    }
    const readme = readFileSync(join(root, 'sdk/README.md'), 'utf8');
    writeFileSync(join(beside, 'README.md'), readme.replaceAll('](../', ']('));
    writeFileSync(join(beside, 'package.json'), `${JSON.stringify(publishedPackageJson(root), null, 2)}\n`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  return { folder, files };
}
