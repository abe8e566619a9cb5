import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readJson } from '../../exact-json.ts';
import { FakeError } from '../../fake-error.ts';
import type { JsonValue } from '../../json.ts';
import type { ExecCommand } from './parse-exec.ts';

/**
 * What the engine checks before it reads its input.
 * @throws FakeError (exit 1) in the engine's words
 */
export function checkFolder({ given }: ExecCommand): void {
  const { cd } = given;
  if (typeof cd === 'string' && !isFolder(cd)) throw refused('Error: No such file or directory (os error 2)');
}

/**
 * What the engine checks afterwards, in its order.
 * @returns the content of `--output-schema`; undefined without it
 * @throws FakeError (exit 1) in the engine's words
 */
export function checkEnvironment({ given }: ExecCommand): JsonValue | undefined {
  const { outputSchema, cd, skipGitRepoCheck, dangerouslyBypassApprovalsAndSandbox } = given;
  const schema = typeof outputSchema === 'string' ? readSchema(outputSchema) : undefined;
  const free = skipGitRepoCheck === true || dangerouslyBypassApprovalsAndSandbox === true;
  if (!free && !inRepository(typeof cd === 'string' ? cd : '.'))
    throw refused('Not inside a trusted directory and --skip-git-repo-check was not specified.');
  return schema;
}

function readSchema(file: string): JsonValue {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'No such file or directory (os error 2)' : message;
    throw refused(`Failed to read output schema file ${file}: ${why}`, cause);
  }
  try {
    return readJson(text) as JsonValue;
  } catch (cause) {
    throw refused(`Output schema file ${file} is not valid JSON: ${(cause as Error).message}`, cause);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function inRepository(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (at === dirname(at)) return false;
  }
}

const refused = (text: string, cause?: unknown) => new FakeError(text, { cause, exitCode: 1, asEngine: true });
