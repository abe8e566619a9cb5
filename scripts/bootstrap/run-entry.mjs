// @ts-check
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { BootstrapError } from './bootstrap-error.mjs';
import { packagesStep } from './packages.mjs';

/**
 * What every command does: set up, load its TypeScript module in this process, end with the code that its `main` resolves to.
 * @param {object} entry
 * @param {string} entry.help shown for `-h`/`--help` when the module has no help of its own, or its packages are not there yet
 * @param {readonly import('./bootstrap.mjs').Need[]} entry.needs
 * @param {readonly string[]} entry.modules paths in the repository; each exports `main(argv: string[]): Promise<number>`; all run, in order
 * @param {string[]} entry.argv
 * @param {boolean} [entry.ownHelp] the module answers `--help`
 * @param {string} [entry.onSetupFailure] last line of stdout when set-up fails
 */
export async function runEntry(entry) {
  process.exitCode = 1; // For the case that an unsettled promise empties the event loop.
  try {
    const code = await run(entry);
    await flush();
    process.exit(code);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    process.stderr.write(`${error.message}\n`);
    if (entry.onSetupFailure !== undefined) process.stdout.write(`${entry.onSetupFailure}\n`);
    await flush();
    process.exit(1);
  }
}

/** @param {Parameters<typeof runEntry>[0]} entry @returns {Promise<number>} */
async function run(entry) {
  const root = dirname(dirname(import.meta.dirname));
  const asksHelp = entry.argv.some((word) => word === '-h' || word === '--help');
  const ready = packagesStep.isReady({ root, env: process.env });
  if (asksHelp && !(entry.ownHelp && ready)) {
    process.stdout.write(`${entry.help.trim()}\n`);
    return 0;
  }
  const absent = entry.modules.find((file) => !existsSync(join(root, file)));
  if (absent !== undefined)
    throw new BootstrapError('loading the command', 'a complete checkout', `one without ${absent}`);
  if (!asksHelp) await bootstrap({ root, needs: entry.needs });

  const { register } = await import('tsx/esm/api');
  register();
  let worst = 0;
  for (const file of entry.modules) {
    const { main } = await import(pathToFileURL(join(root, file)).href);
    worst = Math.max(worst, await main(entry.argv));
  }
  return worst;
}

/** Both streams may be pipes that are written asynchronously: leaving at once would cut the last lines. */
async function flush() {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write('', resolve));
  }
}
