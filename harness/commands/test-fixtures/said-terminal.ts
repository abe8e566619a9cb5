import { Writable } from 'node:stream';
import type { Terminal } from '../context.ts';
import { openOutput } from '../output.mjs';

/** A terminal that keeps what commands say, as it is printed: a line each, of stdout and of stderr. */
export function saidTerminal(more: Partial<Terminal> = {}): { terminal: Terminal; out: string[]; notes: string[] } {
  const out: string[] = [];
  const notes: string[] = [];
  const output = openOutput({ stdout: keeping(out), stderr: keeping(notes), env: {} });
  return { terminal: { ...output, signal: new AbortController().signal, ...more }, out, notes };
}

/** Every write is one line. */
const keeping = (lines: string[]) =>
  new Writable({
    decodeStrings: false,
    write(text: string, _, done) {
      lines.push(text.replace(/\n$/, ''));
      done();
    },
  });
