// Runs a driver and copies what it and the harness say to each other: FILE COMMAND ARGUMENTS…
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , file, command, ...args] = process.argv;
const driver = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const copy = (input, output, mark) => {
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    appendFileSync(file, `${mark} ${line}\n`);
    output.write(`${line}\n`);
  });
  return lines;
};
copy(process.stdin, driver.stdin, '→').on('close', () => driver.stdin.end());
copy(driver.stdout, process.stdout, '←');
driver.on('exit', (code) => process.exit(code ?? 1));
