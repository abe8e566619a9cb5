import { build } from 'esbuild';
import { fakeBundle } from '../../engine/fake-cell.ts';

/**
 * The fake engine's bundle as the body of a function of `process` and `require`. A worker runs it once for each engine
 * that a client starts, with a process that it provides. It remains a program: nothing of it is imported, and it shares
 * no module with the SDK.
 * @throws esbuild's Error if the bundle does not exist
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
