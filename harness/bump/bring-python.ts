import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { engineVersion } from '../../native/engine-lock.mjs';
import { expectedGot } from '../../native/expected-got.mjs';
import { explainFailure } from '../../native/explain-failure.mjs';
import { EngineError, venvPython } from '../../native/index.ts';
import { withLockFile } from '../../native/lock-file.mjs';
import { runChild } from '../../native/run-child.mjs';
import type { StepPython } from './check-step.ts';

export interface BringPython {
  /** The repository's folder. Its own virtual environment makes the other ones. */
  root: string;
  /** pip's settings are the user's. */
  env: NodeJS.ProcessEnv;
  note: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * A Python with the official clients, the SDK in that version: the project's own where it has it, else a virtual environment in `.cache/python/VERSION`, which
 * is made once. An interrupted one is made again.
 * @throws EngineError `no-version` where the index has none for this Python, `missing` before set-up, `download` when the index or the disk fails
 */
export async function bringPython(version: string, { root, env, note, signal }: BringPython): Promise<StepPython> {
  const doing = `bringing the Python SDK ${version}`;
  if (!engineVersion.test(version))
    throw new EngineError('no-version', expectedGot(doing, 'a version such as 0.163.0', JSON.stringify(version)));
  const own = venvPython(root);
  if (!existsSync(own))
    throw new EngineError(
      'missing',
      expectedGot(doing, 'the Python environment (.venv)', 'none', 'npm run parity makes it'),
    );
  const requirements = readFileSync(path.join(root, 'python-golden', 'requirements.in'), 'utf8');
  const packages = packagesFor(version, requirements);
  if (packages.every((line) => requirements.includes(line))) return { path: own, version };

  const folders = path.join(root, '.cache', 'python');
  const folder = path.join(folders, version);
  const program = path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const stamp = path.join(folder, '.twinproof-stamp.json');
  const content = JSON.stringify({ packages, folder });
  const isReady = () => existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === content;
  const abortable = signal === undefined ? {} : { signal };
  const onWait = (pid: number) => note(`Waiting for process ${pid}, which brings the Python SDK ${version} …`);
  await withLockFile(path.join(folders, `${version}.lock`), { onWait, ...abortable }, async () => {
    if (isReady()) return;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    const logFile = path.join(root, '.cache', 'setup', `python-${version}.log`);
    const options = { cwd: root, env, logFile, ...abortable };
    const run = async (tool: string, program: string, args: string[]) => {
      const done = await runChild(program, ['-I', '-m', ...args], options);
      if (done.code === 0) return;
      const { expected, got } = explainFailure(tool, done, logFile);
      // An index that does not answer has no version either: its silence is what explains it.
      if (got.startsWith('a registry without a build'))
        throw new EngineError('no-version', expectedGot(doing, 'a published version for this Python', 'none'));
      throw new EngineError('download', expectedGot(doing, expected, got));
    };
    note(`Installing the Python SDK ${version} (about 150 MB) …`);
    try {
      await run('python -m venv', own, ['venv', folder]);
      const quiet = [
        '--disable-pip-version-check',
        '--no-input',
        '--no-user',
        '--progress-bar',
        'off',
        // A dead index is told within seconds.
        '--retries',
        '1',
        '--only-binary',
        ':all:',
      ];
      await run('pip', program, ['pip', 'install', ...quiet, ...packages]);
      writeFileSync(stamp, content);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      throw error;
    }
  });
  return { path: program, version };
}

/** The project's own requirements, the SDK and its engine in that version. */
function packagesFor(version: string, requirements: string): string[] {
  return requirements
    .split('\n')
    .filter((line) => /^[a-z]/.test(line))
    .map((line) => line.trim().replace(/^(openai-codex(?:-cli-bin)?)==.*/, `$1==${version}`));
}
