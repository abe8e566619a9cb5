// @ts-check
import { openOutput } from '../harness/commands/output.mjs';
import { asksForHelp, helpOf, readArguments } from '../harness/commands/read-arguments.mjs';
import { tellError } from '../harness/commands/tell-error.mjs';
import { readEngineLock } from '../native/engine-lock.mjs';

const command = {
  name: 'node ci/matrix.mjs',
  description: `Prints the jobs of the workflows as outputs of a GitHub step, NAME=JSON: \`node ci/matrix.mjs >> "$GITHUB_OUTPUT"\`.

parity: npm run check on every supported Node, on every system where the harness can launch engines.
sdk: types, imports and unit tests on Windows, where the harness's launcher (a shell script) does not run.
mutation: the shards of the mutation run.
window: parity on every engine of the window beside the pin.
gate: the systems on which a release is checked.`,
  args: {},
};

const nodes = [20, 22, 24];
const shards = 4;
const { pin, engines } = readEngineLock();
const launching = ['ubuntu-latest', 'macos-latest'];

/** Everything that CI runs, in one table. */
const jobs = {
  parity: launching.flatMap((os) => nodes.map((node) => ({ os, node }))),
  sdk: nodes.map((node) => ({ os: 'windows-latest', node })),
  mutation: Array.from({ length: shards }, (_, at) => ({
    shard: `${at + 1}/${shards}`,
    name: `${at + 1}-of-${shards}`,
  })),
  window: Object.keys(engines)
    .filter((version) => version !== pin)
    .map((version) => ({ version })),
  gate: launching.map((os) => ({ os })),
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
