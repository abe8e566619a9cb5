// Stands in for npm and for Python. FAKE_LOG gets one line for each start, FAKE_MODE says how an installation ends:
// unset: well; `hang`: connects to FAKE_PORT and goes on when a byte comes back; else: prints the mode's text and fails.
import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';

const args = process.argv.slice(2).filter((word) => word !== '-I');
const mode = process.env.FAKE_MODE;
const kind = args[0] === 'ci' ? 'npm ci' : args[0] === '-c' ? 'probe' : args[1];
appendFileSync(process.env.FAKE_LOG, `${kind}\n`);

if (kind === 'probe') {
  const version = (process.env.FAKE_VERSION ?? '3.11.7').split('.').map(Number);
  console.log(JSON.stringify({ version, missing: [] }));
} else if (kind === 'venv') {
  mkdirSync(join(args[2], 'bin'), { recursive: true });
  copyFileSync(process.env.FAKE_SELF, join(args[2], 'bin', 'python'));
} else if (mode === 'hang') {
  const socket = connect(Number(process.env.FAKE_PORT), '127.0.0.1');
  socket.once('data', () => socket.destroy(undefined, install()));
} else if (mode !== undefined) {
  console.error(mode);
  process.exitCode = 1;
} else {
  install();
}

function install() {
  if (kind === 'npm ci') mkdirSync('node_modules/some-package', { recursive: true });
  else mkdirSync(join(dirname(process.env.FAKE_SELF), '..', 'lib', 'python3.11', 'site-packages'), { recursive: true });
}
