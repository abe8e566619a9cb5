import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const programs = Object.entries(scripts).map(([name, line]) => [name, line.replace(/^node /, '')] as const);

const run = (program: string, ...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' });

test.each(programs)(
  'npm run %s has a help that names what it takes, and refuses what it does not know',
  (name, program) => {
    for (const asking of [['--help'], ['-h']]) {
      const { status, stdout, stderr } = run(program, ...asking);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^npm (?:run )?(?:parity -- )?${name}`));
      expect(stdout).toContain('-h, --help');
    }
    for (const wrong of [['--bogus'], ['-z'], ['--help-me']]) {
      const { status, stdout, stderr } = run(program, ...wrong);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        new RegExp(`(?:^|\n)error: Reading the arguments of .*: expected .*, got ${wrong[0]}\\. See --help\\.\n$`),
      );
    }
  },
);

test('a reader that leaves early ends a command quietly, and the exit code is its own', async () => {
  for (const args of [
    ['surface'],
    ['coverage', '--offline'],
    ['run', '--offline', '--scenario', 'turns/plain-message', '--out', 'out/test/left'],
  ]) {
    const child = spawn(process.execPath, ['scripts/parity.mjs', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect(said).not.toMatch(/EPIPE|Error|node:/);
    expect(code, args.join(' ')).toBe(0);
  }
});
