// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const help = `
npm run parity [-- SUBCOMMAND] [OPTIONS]

Sets up what is missing, then runs every scenario with every client on both engines and judges parity.
Exit code 0: all verdicts fine; 1: a difference that is not known, or a cell that could not run.

  --offline   neither Python nor the real engine: our client against the goldens on the fake engine
  -h, --help  this text (once set up: the list of subcommands and options)
`;

const argv = process.argv.slice(2);
// Those that run no client and no engine, or like `mutate` our client alone on the fake; and the doctor, who says what is missing, must not need it.
const bareCommands = ['diff', 'doctor', 'history', 'merge', 'mutate', 'oracle', 'report'];
const bare = argv.includes('--offline') || bareCommands.includes(argv[0] ?? '');

await runEntry({
  help,
  needs: bare ? ['packages', 'fake'] : ['packages', 'python', 'engine', 'fake'],
  modules: ['harness/cli.ts'],
  argv,
  ownHelp: true,
});
