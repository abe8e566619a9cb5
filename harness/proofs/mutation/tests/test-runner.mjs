// @ts-check
/**
 * The program that runs tests in a copy of the tree whose sources have the mutants in them (started there by `test-process.ts`).
 * Vitest stays loaded, so that a run begins without loading it and the sources again. Orders and results go over the IPC channel.
 */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createVitest } from 'vitest/node';

const root = process.cwd();

/** @type {string[]} */
let wanted = [];
class AsOrdered {
  /** @param {{ moduleId: string }[]} specs */
  async sort(specs) {
    const rank = (/** @type {{ moduleId: string }} */ { moduleId }) => wanted.indexOf(nameOf(moduleId));
    return [...specs].sort((a, b) => rank(a) - rank(b));
  }
  /** @param {unknown[]} specs */
  async shard(specs) {
    return specs;
  }
}

const vitest = await createVitest('test', {
  root,
  watch: false,
  reporters: [{}],
  maxWorkers: 1,
  bail: 1,
  passWithNoTests: true,
  silent: true,
  sequence: { sequencer: /** @type {never} */ (AsOrdered) },
});
await vitest.standalone();

/** @type {Map<string, import('vitest/node').TestSpecification>} */
const specs = new Map();

/** @param {string} moduleId */
function nameOf(moduleId) {
  return path.relative(root, moduleId).split(path.sep).join('/');
}

/** @param {string[]} places */
async function list(places) {
  const found = await vitest.globTestSpecifications(places);
  const rows = [];
  for (const spec of found) {
    const kind = spec.project.name;
    const file = nameOf(spec.moduleId);
    if (kind !== 'unit' && kind !== 'process') continue;
    specs.set(file, spec);
    rows.push({ file, kind });
  }
  return rows;
}

/** @param {{ files: string[], order: string, switch: object, testMs: number }} message */
async function run({ files, order, switch: on, testMs }) {
  for (const { config } of vitest.projects) Object.assign(config, { testTimeout: testMs, hookTimeout: testMs });
  writeFileSync(`${order}.new`, JSON.stringify(on));
  renameSync(`${order}.new`, order);
  wanted = files;
  const begun = performance.now();
  const { testModules: all, unhandledErrors } = await vitest.runTestSpecifications(
    files.flatMap((file) => specs.get(file) ?? []),
    false,
  );
  const durationMs = Math.round(performance.now() - begun);
  // Those of earlier runs are there too.
  const testModules = all.filter(({ moduleId }) => files.includes(nameOf(moduleId)));
  for (const one of testModules) {
    const file = nameOf(one.moduleId);
    for (const test of one.children.allTests('failed'))
      return { failed: { file, test: test.fullName, why: lineOf(test.result().errors?.[0]) }, durationMs };
    if (one.state() === 'failed') return { failed: { file, test: '', why: lineOf(one.errors()[0]) }, durationMs };
  }
  const [unhandled] = unhandledErrors;
  if (unhandled !== undefined)
    return { failed: { file: files.length === 1 ? files[0] : '', test: '', why: lineOf(unhandled) }, durationMs };
  return { passed: testModules.filter((one) => one.ok()).length, durationMs };
}

/** @param {unknown} error */
const lineOf = (error) =>
  String(/** @type {{ message?: string }} */ (error)?.message ?? error)
    .split('\n')[0]
    ?.slice(0, 160);

process.on('message', async (/** @type {any} */ message) => {
  try {
    process.send?.(message.list ? { list: await list(message.list) } : await run(message));
  } catch (error) {
    process.send?.({ broken: String(/** @type {Error} */ (error)?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
