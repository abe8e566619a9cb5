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
import type { Command } from './command.ts';
import { chosenEngine, engineArg, sourceWords } from './engine-choice.ts';
import { engineVersionOf } from './start-engine.ts';

/** One line of the report. What is not needed to run may be missing. */
interface Finding {
  name: string;
  ok: boolean;
  says: string;
}

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
    const findings: Finding[] = [];
    const look = async (name: string, work: () => string | Promise<string>, needed = true) => {
      try {
        findings.push({ name, ok: true, says: await work() });
      } catch (error) {
        findings.push({ name, ok: !needed, says: (error as Error).message });
      }
      const { ok, says } = findings.at(-1) as Finding;
      const mark = ok ? output.paint.green('ok   ') : output.paint.red('wrong');
      const [first = '', ...more] = says.split('\n');
      output.out(`${mark} ${name}: ${first}`, ...more.map((line) => `      ${line}`));
      return findings.at(-1)?.ok === true;
    };
    await look('twinproof', () => `${own}, proven with codex ${protocolVersions.join(', ')}`);
    await look('node', () => nodeVersion(process.versions.node));
    await look('platform', platform);
    let engine: Record<string, unknown> = {};
    const found = await look('engine', () => {
      const { path, source, pathDirs, version } = chosenEngine(values['engine']);
      engine = { path, source, pathDirs, version };
      return `${path}, ${sourceWords[source]}`;
    });
    if (found) {
      const path = String(engine['path']);
      await look('start', async () => {
        const said = await engineVersionOf(path, signal);
        engine['version'] = said;
        return `it says that it is codex ${said}`;
      });
      await look(
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
      if (values['check'] !== 'off') await look('hash', hash, values['check'] === 'strict');
      await look('tools', () => (engine['pathDirs'] as string[]).join(', ') || 'none that belong on PATH');
    }
    const folder = userEnginesFolder();
    await look('npm', () => findNpm(process.env), false);
    await look('cache', () => writable(folder), false);
    const failed = findings.filter(({ ok }) => !ok).length;
    output.out(`${findings.length - failed} passed, ${failed} failed`);
    report({ version: own, engine, checks: findings });
    return failed === 0 ? 0 : 1;
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
