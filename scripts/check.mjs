// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { findNpm } from './bootstrap/find-npm.mjs';

const help = `
npm run check

Everything that CI runs: npm test, then npm run parity, then the goals of the scenario library, then a sample of the behaviours' named breaks. Each runs whether or not the one before failed.
The last line is "N passed, N failed", summed; exit code 1 when anything failed.

  -h, --help  this text
`;

const commands = [
  ['test', '--silent'],
  ['run', '--silent', 'parity'],
  // Behind the run: whether its matches suffice is one of the goals.
  ['run', '--silent', 'parity', '--', 'coverage', '--check'],
  ['run', '--silent', 'parity', '--', 'behaviours'],
];

/**
 * Passes the command's output on, and reads the counts off its last line.
 * @param {string[]} args npm's
 * @param {(child: import('node:child_process').ChildProcess) => void} onStart
 * @returns {Promise<{ passed: number, failed: number }>}
 */
async function count(args, onStart) {
  const child = spawn(process.execPath, [findNpm(process.env), ...args], {
    cwd: dirname(import.meta.dirname),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onStart(child);
  let last = '';
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity });
  lines.on('line', (line) => {
    process.stdout.write(`${line}\n`);
    if (line.trim() !== '') last = line.trim();
  });
  const [[code]] = await Promise.all([once(child, 'close'), once(lines, 'close')]);
  const found = /^(\d+) passed, (\d+) failed$/.exec(last);
  if (found === null) {
    process.stderr.write(
      `npm ${args.join(' ')}: exit code ${code}, last line "${last}"; wanted: "N passed, N failed". Counted as one failed.\n`,
    );
    return { passed: 0, failed: 1 };
  }
  const failed = Number(found[2]);
  // A failure that the counts do not show must not pass.
  return { passed: Number(found[1]), failed: code !== 0 && failed === 0 ? 1 : failed };
}

async function main() {
  if (process.argv.slice(2).some((word) => word === '-h' || word === '--help')) {
    process.stdout.write(`${help.trim()}\n`);
    return 0;
  }
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let running;
  let stopped = false;
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => {
      stopped = true;
      running?.kill(name);
    });
  }
  let passed = 0;
  let failed = 0;
  for (const args of commands) {
    if (stopped) break;
    const counts = await count(args, (child) => {
      running = child;
    });
    passed += counts.passed;
    failed += counts.failed;
  }
  if (stopped) failed += 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
