// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const help = `
npm run parity [-- SUBCOMMAND] [OPTIONS]

Sets up what is missing, then runs every scenario with every client on both engines and judges parity.
Exit code 0: all verdicts fine; 1: a difference that is not known, or a cell that could not run.

  --offline   bring nothing: cells whose client or engine is not installed are left out, with a note
  -h, --help  this text (once set up: the list of subcommands and options)
`;

await runEntry({
  help,
  needs: ['packages', 'python', 'engine'],
  modules: ['harness/cli.ts'],
  argv: process.argv.slice(2),
  ownHelp: true,
});
