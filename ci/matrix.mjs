// @ts-check
import { openOutput } from '../harness/commands/output.mjs';
import { asksForHelp, helpOf, readArguments } from '../harness/commands/read-arguments.mjs';
import { tellError } from '../harness/commands/tell-error.mjs';

const command = {
  name: 'node ci/matrix.mjs',
  description: `Prints the jobs of the workflows as outputs of a GitHub step, NAME=JSON: \`node ci/matrix.mjs >> "$GITHUB_OUTPUT"\`.

parity: npm run check on every supported Node, on every system where the harness can launch engines.
sdk: types, imports and unit tests on Windows, where the harness's launcher (a shell script) does not run.
mutation: the shards of the mutation run.`,
  args: {},
};

const nodes = [20, 22, 24];
const shards = 4;

/** Everything that CI runs, in one table. */
const jobs = {
  parity: ['ubuntu-latest', 'macos-latest'].flatMap((os) => nodes.map((node) => ({ os, node }))),
  sdk: nodes.map((node) => ({ os: 'windows-latest', node })),
  mutation: Array.from({ length: shards }, (_, at) => ({
    shard: `${at + 1}/${shards}`,
    name: `${at + 1}-of-${shards}`,
  })),
};

const output = openOutput();
const argv = process.argv.slice(2);
try {
  if (asksForHelp(argv)) output.out(...helpOf(command));
  else {
    readArguments(command.name, argv, command.args);
    for (const [name, include] of Object.entries(jobs)) output.out(`${name}=${JSON.stringify({ include })}`);
  }
} catch (error) {
  process.exitCode = tellError(error, output);
}
await output.flush();
