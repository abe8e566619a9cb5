// @ts-check
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openOutput } from '../../harness/commands/output.mjs';
import { asksForHelp, helpOf, readArguments } from '../../harness/commands/read-arguments.mjs';
import { tellError } from '../../harness/commands/tell-error.mjs';
import { bootstrap } from './bootstrap.mjs';
import { BootstrapError } from './bootstrap-error.mjs';
import { packagesStep } from './packages.mjs';

/**
 * @typedef {object} Entry
 * @property {{ name: string, description: string, args?: import('../../harness/commands/read-arguments.mjs').Definitions }} command name: as it
 * is typed; args: absent where the module reads its own
 * @property {readonly import('./bootstrap.mjs').Need[]} needs
 * @property {string} module path in the repository. It exports `main(arguments, output): Promise<number>`; without `command.args`, `main(argv, output)`
 * @property {boolean} [bundled] whether it is loaded from a bundle
 * @property {readonly string[]} argv
 * @property {string} [onSetupFailure] last line of stdout when set-up fails
 * @property {number} [setupFailureCode] exit code when set-up fails; default 1
 */

/**
 * What every command does: read its arguments, set up, load its module in this process, end with the code that its `main` resolves to.
 * @param {Entry} entry
 */
export async function runEntry(entry) {
  process.exitCode = 1; // For the case that an unsettled promise empties the event loop.
  const output = openOutput();
  let code;
  try {
    code = await run(entry, output);
  } catch (error) {
    code = tellError(error, output);
    if (error instanceof BootstrapError) {
      code = entry.setupFailureCode ?? code;
      if (entry.onSetupFailure !== undefined) output.out(entry.onSetupFailure);
    }
  }
  const written = await output.flush();
  process.exit(written ? code : Math.max(code, 1));
}

/** @param {Entry} entry @param {import('../../harness/commands/output.mjs').Output} output @returns {Promise<number>} */
async function run({ command, needs, module, bundled, argv }, output) {
  const root = dirname(dirname(import.meta.dirname));
  const asked = asksForHelp(argv);
  const ready = packagesStep.isReady({ root, env: process.env });
  if (asked && !(command.args === undefined && ready)) {
    output.out(...helpOf(command));
    return 0;
  }
  // Before set-up, which takes minutes: a misspelt option is told at once.
  const args = command.args === undefined ? argv : readArguments(command.name, argv, command.args);
  const file = join(root, module);
  if (!existsSync(file))
    throw new BootstrapError('loading the command', 'a complete checkout', `one without ${module}`);
  if (!asked) await bootstrap({ root, needs, log: output.note });
  const { main } = (bundled && (await loadBundle(file))) || (await loadSources(file));
  return main(args, output);
}

/** @typedef {{ main(args: unknown, output: import('../../harness/commands/output.mjs').Output): Promise<number> }} Module */

/**
 * The module and all that it imports in one file of `dist`, made anew after a change: loading hundreds of TypeScript files takes most of a second.
 * @param {string} file
 * @returns {Promise<Module | undefined>} undefined where it cannot be made: then the sources say why
 */
async function loadBundle(file) {
  const { keptBundle, root } = await import('../../harness/driver/kept-bundle.mjs');
  const name = `${basename(dirname(file))}-${basename(file, '.ts')}.mjs`;
  /** @type {string} */
  let made;
  try {
    ({ file: made } = await keptBundle(join(root, 'dist', 'programs'), name, async () =>
      (await import('../../harness/driver/bundle-program.mjs')).bundleProgram(file),
    ));
  } catch {
    return undefined;
  }
  return import(pathToFileURL(made).href);
}

/** @param {string} file @returns {Promise<Module>} */
async function loadSources(file) {
  const { register } = await import('tsx/esm/api');
  register();
  return import(pathToFileURL(file).href);
}
