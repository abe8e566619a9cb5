import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TreeCopy } from '../../behaviours/tree-copy.ts';
import type { Instrumented } from '../instrument.ts';
import { orderFile, TestProcess } from './test-process.ts';

/** A copy of the repository whose sources have all mutants in them, with Vitest in it. */
export class MutantTree {
  readonly folder: string;
  readonly tests: TestProcess;
  readonly #copy: TreeCopy;

  private constructor(copy: TreeCopy, signal: AbortSignal) {
    this.#copy = copy;
    this.folder = copy.folder;
    this.tests = new TestProcess(copy.folder, orderFile(copy.folder), signal);
  }

  static async of(repository: string, { sources, mutants }: Instrumented, signal: AbortSignal): Promise<MutantTree> {
    const copy = await TreeCopy.of(repository);
    const tree = new MutantTree(copy, signal);
    try {
      const order = orderFile(copy.folder);
      await mkdir(path.dirname(order), { recursive: true });
      await writeFile(order, '{}');
      await mkdir(path.join(copy.folder, '.cache'));
      await symlink(path.join(repository, '.cache', 'engines'), path.join(copy.folder, '.cache', 'engines'));
      const module = path.join(copy.folder, 'sdk', 'mutant-switch.mjs');
      await writeFile(module, switchModule(order, 1 + Math.max(...mutants.map(({ id }) => Number(id)))));
      for (const [file, text] of sources) {
        const name = path.relative(repository, file);
        let to = path.relative(path.dirname(name), path.join('sdk', 'mutant-switch.mjs')).replaceAll('\\', '/');
        if (!to.startsWith('.')) to = `./${to}`;
        // Before all other modules, since these may reach mutants while they are loaded.
        await writeFile(path.join(copy.folder, name), `import ${JSON.stringify(to)};\n${text}`);
      }
      return tree;
    } catch (error) {
      await tree.remove();
      throw error;
    }
  }

  async remove(): Promise<void> {
    await this.tests.close();
    await this.#copy.remove();
  }
}

/** Reached this often, a mutant has made an endless loop. */
const hitLimit = 10_000_000;

/**
 * The module that sets the switches of the sources that import it: in the test's process, in each program that a test
 * starts, and in bundles of the sources. What is reached is written at once, because a program may be killed; and only
 * the first time is noticed, because code that is reached a million times must stay fast. In a page, which has no files,
 * no mutant is on.
 */
const switchModule = (
  order: string,
  ids: number,
): string => `const fs = globalThis.process?.getBuiltinModule?.('node:fs');
const { mutant = '', reached } = JSON.parse(fs?.readFileSync(${JSON.stringify(order)}, 'utf8') ?? '{}');
const switches = (globalThis.__stryker__ ??= {});
const counts = {};
if (reached !== undefined)
  for (let id = 0; id < ${ids}; id += 1)
    Object.defineProperty(counts, id, {
      configurable: true,
      get: () => undefined,
      set: (value) => {
        Object.defineProperty(counts, id, { value, writable: true });
        fs.appendFileSync(reached, id + '\\n');
      },
    });
Object.assign(switches, { activeMutant: mutant, hitCount: 0, hitLimit: ${hitLimit} });
switches.mutantCoverage = { static: counts, perTest: {} };
`;
