// Runs a set-up in a process of its own: node run-bootstrap.mjs ROOT NEED[,NEED…] [ENGINE-LOCK]
import { readEngineLock } from '../../../native/engine-lock.mjs';
import { bootstrap } from '../bootstrap.mjs';

const [root, needs, lockFile] = process.argv.slice(2);
try {
  await bootstrap({ root, needs: needs.split(','), ...(lockFile && { lock: readEngineLock(lockFile) }) });
} catch (error) {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
}
