import { checkEngine } from '../native/check-engine.mjs';
import { readContractDigest } from '../native/contract-digest.mjs';
import { EngineError } from '../native/engine-error.mjs';
import { readEngineLock } from '../native/engine-lock.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { scriptedModel } from '../testing/index.ts';
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
    const checks: { name: string; ok: boolean; says: string }[] = [];
    let sha256: string | undefined;
    let version: string | undefined;
    const prove = async (name: string, work: () => Promise<string>) => {
      let check: { name: string; ok: boolean; says: string };
      try {
        check = { name, ok: true, says: await work() };
      } catch (error) {
        signal.throwIfAborted();
        check = { name, ok: false, says: (error as Error).message };
      }
      checks.push(check);
      output.status();
      output.out(`${check.ok ? output.paint.green('ok   ') : output.paint.red('wrong')} ${name}: ${check.says}`);
      return check.ok;
    };
    const onProgress = progressOn(output);
    const known = await prove('hash', async () => {
      const found = await checkEngine(path, {
        fresh: true,
        ...(onProgress && { onProgress: (done, total) => onProgress({ step: 'verify', done, total }) }),
      });
      ({ sha256, version } = found);
      return `${found.by === 'locked' ? 'as published' : 'as it was brought'}, codex ${found.version}, sha256 ${sha256}`;
    });
    // What nobody knows is not executed.
    if (known) {
      await prove('version', async () => {
        const said = await engineVersionOf(path, signal);
        if (said === version) return said;
        throw new EngineError('wrong-hash', expectedGot('asking for the version', String(version), said));
      });
      await prove('contract', () => contract(path, String(version), signal));
      await prove('turn', () => turn(path));
    }
    const failed = checks.filter(({ ok }) => !ok).length;
    output.out(`${checks.length - failed} passed, ${failed} failed`);
    report({ path, source, version, sha256, checks });
    return failed === 0 ? 0 : 1;
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
