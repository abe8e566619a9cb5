import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { median } from './median.ts';

const host = fileURLToPath(new URL('hostile-host.ts', import.meta.url));
const kinds = [
  'control characters',
  'words',
  'levels',
  'a wrong last character',
  'not UTF-8 at its end',
  'cut off by a death',
  'brackets in text, cut off',
  'numbers, cut off',
  'a valid one',
];

interface Measured {
  blockedMs: number;
  parseMs: number;
  memory: number;
  outcome: string;
}

/** Rounds are dear here, and one differs little from another. */
const mostRounds = 3;
const megabytes = 200;

/**
 * Measures how long a host's event loop is blocked by a line of 200 megabytes that is wrong in some way, against `JSON.parse` of a valid text
 * of that length, and how much memory it takes, in lengths of the line. Both transports, each line in a host of its own.
 * @returns 1 when a wrong line misses a goal
 */
export async function measureHostileLines(wanted: number, print: (line: string) => void): Promise<number> {
  const rounds = Math.min(wanted, mostRounds);
  let code = 0;
  print(
    `a line of ${megabytes} MB: longest block and a bare JSON.parse; memory in lengths of the line; medians of ${rounds}:`,
  );
  for (const transport of ['app-server', 'exec']) {
    for (const kind of kinds) {
      const measured: Measured[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const env = { ...process.env, HOSTILE_KIND: kind, HOSTILE_MB: String(megabytes) };
        const { stdout } = await $({ quiet: true, env })`${process.execPath} --import tsx ${host} ${transport}`;
        measured.push(JSON.parse(stdout) as Measured);
      }
      const of = (value: (one: Measured) => number) => median(measured.map(value));
      const blocked = `${of(({ blockedMs }) => blockedMs).toFixed(0)} ms of ${of(({ parseMs }) => parseMs).toFixed(0)} ms`;
      const ratio = of(({ blockedMs, parseMs }) => blockedMs / parseMs);
      const memory = of((one) => one.memory);
      const figures = `${blocked}, × ${ratio.toFixed(2)}; memory × ${memory.toFixed(2)}`;
      print(`  ${transport}, ${kind}: ${figures}; ${measured[0]?.outcome}`);
      if (kind !== 'a valid one' && (ratio > 1.5 || memory >= 4)) code = 1;
    }
  }
  return code;
}
