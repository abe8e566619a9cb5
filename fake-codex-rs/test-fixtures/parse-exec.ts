// Answers each line of stdin, a JSON array of the words behind `exec`, with a line: what the engine would take from them, or its refusal.
import { createInterface } from 'node:readline';
import { parseExec } from '../cli/exec/parse-exec.ts';

for await (const line of createInterface(process.stdin)) {
  let answer: unknown;
  try {
    answer = parseExec(JSON.parse(line) as string[], [], '0.0.0');
  } catch (error) {
    answer = { refused: (error as Error).message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
