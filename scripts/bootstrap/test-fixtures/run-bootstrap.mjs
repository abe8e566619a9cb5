// Runs a set-up in a process of its own: node run-bootstrap.mjs ROOT NEED[,NEED…]
import { bootstrap } from '../bootstrap.mjs';

const [root, needs] = process.argv.slice(2);
try {
  await bootstrap({ root, needs: needs.split(',') });
} catch (error) {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
}
