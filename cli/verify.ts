import { checkEngine } from '../native/check-engine.mjs';
import { readContractDigest } from '../native/contract-digest.mjs';
import { EngineError } from '../native/engine-error.mjs';
import { readEngineLock } from '../native/engine-lock.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { scriptedModel } from '../testing/index.ts';
import { Checks } from './checks.ts';
import type { Command } from './command.ts';
import { chosenEngine, engineArg, sourceWords } from './engine-choice.ts';
import { progressOn } from './progress.ts';
import { engineVersionOf } from './start-engine.ts';

const answer = 'The engine works.';

export const verify: Command = {
  description: `Proves that an engine is the one it claims to be: its hash, the version that it says, its protocol against the contract of that version,
and one turn with a scripted model. It needs no account and no key, and nothing leaves this machine.`,
  args: engineArg,
  run: async ({ values, output, report, signal }) => {
    const { path, source } = chosenEngine(values['engine']);
    output.out(`${path}, ${sourceWords[source]}`);
    const checks = new Checks(output, signal);
    let sha256: string | undefined;
    let version: string | undefined;
    const onProgress = progressOn(output);
    const known = await checks.look('hash', async () => {
      const found = await checkEngine(path, {
        fresh: true,
        ...(onProgress && { onProgress: (done, total) => onProgress({ step: 'verify', done, total }) }),
      });
      ({ sha256, version } = found);
      return `${found.by === 'locked' ? 'as published' : 'as it was brought'}, codex ${found.version}, sha256 ${sha256}`;
    });
    // What nobody knows is not executed.
    if (known) {
      await checks.look('version', async () => {
        const said = await engineVersionOf(path, signal);
        if (said === version) return said;
        throw new EngineError('wrong-hash', expectedGot('asking for the version', String(version), said));
      });
      await checks.look('contract', () => contract(path, String(version), signal));
      await checks.look('turn', () => turn(path));
    }
    const code = checks.conclude();
    report({ path, source, version, sha256, checks: checks.all });
    return code;
  },
};

async function contract(path: string, version: string, signal: AbortSignal): Promise<string> {
  const committed = readEngineLock().identities?.[version]?.contract;
  const got = await readContractDigest(path, { signal });
  if (committed === undefined) return `none is committed for ${version}; its digest is ${got.slice(0, 16)}…`;
  if (got === committed) return `its protocol is that of the committed contract (${got.slice(0, 16)}…)`;
  throw new EngineError(
    'contract',
    expectedGot('comparing the protocol', `the contract of ${version}`, `another one (${got})`),
  );
}

async function turn(codexBin: string): Promise<string> {
  const model = await scriptedModel([{ message: answer }], { codexBin });
  let finalResponse: string | null;
  try {
    const thread = await model.codex({ engineCheck: 'off' }).threadStart();
    ({ finalResponse } = await thread.run('Do you work?'));
  } finally {
    await model.close();
  }
  if (finalResponse !== answer)
    throw new EngineError(
      'missing',
      expectedGot('running a turn', JSON.stringify(answer), JSON.stringify(finalResponse)),
    );
  return 'one scripted turn ran to its end';
}
