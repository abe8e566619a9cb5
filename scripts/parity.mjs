// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const argv = process.argv.slice(2);
// Those that run no client and no engine, or like `mutation` our client alone on the fake; and the doctor, who says what is missing, must not need it.
const bareCommands = ['diff', 'doctor', 'history', 'merge', 'mutation', 'sensitivity', 'report'];
const bare = argv.includes('--offline') || bareCommands.includes(argv[0] ?? '');

await runEntry({
  command: {
    name: 'npm run parity -- [SUBCOMMAND] [OPTIONS]',
    description: `Runs every scenario with every client on both engines and judges parity. The exit code is 0 if every verdict passes, and 1 if there is
an unknown difference or a cell that could not run. With --offline, compares our client with the goldens on the fake engine, without
Python and the real engine.

Once the development packages are installed, this help lists the subcommands and options.`,
  },
  needs: bare ? ['packages', 'fake'] : ['packages', 'python', 'engine', 'fake'],
  module: 'harness/cli.ts',
  bundled: true,
  argv,
});
