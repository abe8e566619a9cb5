import { openOutput } from '../harness/commands/output.mjs';
import { interruptible } from './interruptible.ts';
import { main } from './main.ts';

// The bin of the package.
process.exitCode = 1; // For the case that an unsettled promise empties the event loop.
const output = openOutput();
const code = await interruptible((signal) => main(process.argv.slice(2), output, signal));
const written = await output.flush();
process.exit(written ? code : Math.max(code, 1));
