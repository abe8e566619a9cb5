import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildPackage } from '../build/build-package.ts';
import { buildFake } from '../build-fake.mjs';
import { median } from './median.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
/** How many milliseconds more than an empty module an entry may take. */
const goal = 15;
const entries = { twinproof: 'sdk/index.js', 'twinproof/exec': 'sdk/exec.js', 'twinproof/testing': 'testing/index.js' };
/** The test kit starts servers and engines; only what ships with a program has a goal. */
const withGoal: readonly string[] = ['twinproof', 'twinproof/exec'];

/**
 * Measures how long `import` of the built package takes, against an empty module: each in a process of its own, in turn.
 * @returns 1 when an entry misses its goal
 */
export async function measureImport(rounds: number, print: (line: string) => void): Promise<number> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bench-import-')));
  try {
    await buildFake(root);
    const built = await buildPackage(root, join(folder, 'package'));
    const empty = join(folder, 'empty.mjs');
    const measure = join(folder, 'measure.mjs');
    await writeFile(empty, 'export {};\n');
    await writeFile(
      measure,
      `const from = performance.now();
await import(process.argv[2]);
process.stdout.write(String(performance.now() - from));
`,
    );
    const files = {
      empty,
      ...Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(built.folder, file)])),
    };
    const times = new Map<string, number[]>(Object.keys(files).map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, file] of Object.entries(files)) {
        const { stdout } = await run(process.execPath, [measure, pathToFileURL(file).href]);
        times.get(name)?.push(Number(stdout));
      }
    }
    const base = median(times.get('empty') ?? []);
    print(`import, medians of ${rounds}: an empty module takes ${base.toFixed(1)} ms; above it:`);
    let code = 0;
    for (const name of Object.keys(entries)) {
      const above = median(times.get(name) ?? []) - base;
      const missed = withGoal.includes(name) && above > goal;
      const words = withGoal.includes(name) ? ` (goal: at most ${goal} ms${missed ? ', missed' : ''})` : '';
      print(`  ${name.padEnd(18)} ${above.toFixed(1).padStart(6)} ms${words}`);
      if (missed) code = 1;
    }
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
