import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkEngine } from '../native/check-engine.mjs';
import { engineTarget } from '../native/engine-layout.mjs';
import { readEngineLock } from '../native/engine-lock.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { findNpm } from '../native/find-npm.mjs';
import { userEnginesFolder } from '../native/user-cache.mjs';
import { protocolVersions } from '../sdk/protocol/index.ts';
import { version as own } from '../sdk/version.ts';
import { Checks } from './checks.ts';
import type { Command } from './command.ts';
import { chosenEngine, engineArg, sourceWords } from './engine-choice.ts';
import { engineVersionOf } from './start-engine.ts';

export const doctor: Command = {
  description: `Says which engine the SDK starts, where it was looked for, and whether it works. Changes nothing.
The order: --engine, TWINPROOF_ENGINE, the installed package @openai/codex, then what twinproof has installed or built. PATH is not looked at.
Exit code 1 if something is missing that a program needs.`,
  args: {
    ...engineArg,
    check: {
      type: 'enum',
      valueHint: 'warn|strict|off',
      description: 'As engineCheck of the SDK: strict needs a known hash',
      default: 'warn',
    },
  },
  run: async ({ values, output, report, signal }) => {
    const checks = new Checks(output, signal);
    await checks.look('twinproof', () => `${own}, proven with codex ${protocolVersions.join(', ')}`);
    await checks.look('node', () => nodeVersion(process.versions.node));
    await checks.look('platform', platform);
    let engine: Record<string, unknown> = {};
    const found = await checks.look('engine', () => {
      const { path, source, pathDirs, version } = chosenEngine(values['engine']);
      engine = { path, source, pathDirs, version };
      return `${path}, ${sourceWords[source]}`;
    });
    if (found) {
      const path = String(engine['path']);
      await checks.look('start', async () => {
        const said = await engineVersionOf(path, signal);
        engine['version'] = said;
        return `it says that it is codex ${said}`;
      });
      await checks.look(
        'version',
        () => {
          if (protocolVersions.some((one) => one === engine['version'])) return `${engine['version']} is proven`;
          throw new Error(
            expectedGot('comparing the version', `one of ${protocolVersions.join(', ')}`, String(engine['version'])),
          );
        },
        // As the SDK: it warns of another version.
        values['check'] === 'strict',
      );
      const hash = async () => {
        const known = await checkEngine(path, { fresh: values['check'] === 'strict' });
        engine = { ...engine, sha256: known.sha256, known: known.by };
        return known.by === 'locked'
          ? `as published, codex ${known.version}`
          : `as it was brought, codex ${known.version}`;
      };
      if (values['check'] !== 'off') await checks.look('hash', hash, values['check'] === 'strict');
      await checks.look('tools', () => (engine['pathDirs'] as string[]).join(', ') || 'none that belong on PATH');
    }
    const folder = userEnginesFolder();
    await checks.look('npm', () => findNpm(process.env), false);
    await checks.look('cache', () => writable(folder), false);
    const code = checks.conclude();
    report({ version: own, engine, checks: checks.all });
    return code;
  },
};

function nodeVersion(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return version;
  throw new Error(expectedGot('looking at Node', '20.19 or newer', version));
}

function platform(): string {
  const target = engineTarget(process.platform, process.arch);
  const name = `${process.platform}-${process.arch}`;
  if (target) return `${name}, the engine of ${target.package}`;
  const builds = Object.keys(readEngineLock().engines[protocolVersions.at(-1) ?? ''] ?? {});
  throw new Error(expectedGot('looking at the platform', `one of ${builds.join(', ')}`, name));
}

/** Without making it: a doctor changes nothing. */
function writable(folder: string): string {
  let at = folder;
  while (!existsSync(at)) at = dirname(at);
  try {
    accessSync(at, constants.W_OK);
  } catch (cause) {
    throw new Error(
      expectedGot(
        `looking at ${folder}`,
        'a folder that can be written',
        String((cause as NodeJS.ErrnoException).code),
      ),
      { cause },
    );
  }
  return `${folder} can be written`;
}
