import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../harness/commands/read-arguments.mjs';
import { readEngineLock } from '../native/engine-lock.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { installEngine } from '../native/install-engine.mjs';
import type { Command } from './command.ts';
import { progressOn } from './progress.ts';

export const install: Command = {
  description: `Installs an engine for this user, from the npm registry with your own npm and its settings, or from an archive of a release.
It is checked before anything of it is executed, and appears whole or not at all. The SDK finds it if @openai/codex is not installed.
It is kept in TWINPROOF_CACHE, otherwise in the cache folder of the user.`,
  args: {
    version: {
      type: 'positional',
      valueHint: 'VERSION',
      description: 'Default: the newest engine that this package is proven on',
    },
    from: {
      type: 'string',
      valueHint: 'FILE|URL',
      description: 'A .tar.gz of a release in place of the npm package; needs --sha256',
    },
    sha256: { type: 'string', valueHint: 'SUM', description: 'SHA-256 of the archive of --from' },
    offline: {
      type: 'boolean',
      description: "Ask nothing of the network: take what is installed, or what is in npm's cache",
    },
  },
  run: async ({ values, output, report, signal }) => {
    const { version, from, sha256, offline } = values as Record<string, string | undefined> & { offline?: boolean };
    if ((from === undefined) !== (sha256 === undefined)) {
      const [expected, got] = from === undefined ? ['--from', '--sha256 alone'] : ['--sha256', '--from alone'];
      const doing = 'reading the arguments of twinproof install';
      throw new UsageError(
        expectedGot(doing, `${expected} as well`, got, 'An archive is installed only if you know its hash'),
      );
    }
    const onProgress = progressOn(output);
    const made = await installEngine({
      ...(version !== undefined && { version }),
      ...(from !== undefined && sha256 !== undefined && { archive: { url: address(from), sha256 } }),
      ...(offline === true && { offline }),
      ...(onProgress && { onProgress }),
      log: output.note,
      signal,
    });
    output.status();
    const { pin, engines } = readEngineLock();
    output.out(
      `codex ${made.version} ${made.installed ? 'is installed' : 'was installed already'}: ${made.path}`,
      `from ${made.from}, sha256 ${made.sha256}`,
    );
    if (!Object.hasOwn(engines, made.version))
      output.note(`This package is proven with ${Object.keys(engines).join(', ')}; the default is ${pin}.`);
    report({ ...made });
    return 0;
  },
};

/** A file's address; what has a scheme is one already. */
const address = (from: string): string =>
  /^[a-z]{2,}:/i.test(from) && !existsSync(from) ? from : pathToFileURL(resolve(from)).href;
