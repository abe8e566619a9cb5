import { build } from 'esbuild';
import { fakeBundle } from '../../engine/fake-cell.ts';

/**
 * The fake engine's bundle as the body of a function of `process` and `require`: a worker runs it once for each engine that a client starts,
 * with a process of its own making. It stays a program: nothing of it is imported, and it shares no module with the SDK.
 * @throws Error of esbuild when the bundle is not there
 */
export async function bundleFake(): Promise<string> {
  const result = await build({
    entryPoints: [fakeBundle],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    supported: { 'dynamic-import': false },
    keepNames: true,
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}
