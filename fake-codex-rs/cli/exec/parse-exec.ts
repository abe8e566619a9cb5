import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isObject, type JsonObject, type JsonValue, readJson } from '../../exact-json.ts';
import { FakeError, unexpected } from '../../fake-error.ts';
import { commonOptions, type Grammar, type Option, readArguments } from '../read-arguments.ts';

/** Options that `exec` and `exec resume` share. */
const shared: readonly Option[] = [
  ...commonOptions,
  { long: '--remote', value: 'ADDR' },
  { long: '--remote-auth-token-env', value: 'ENV_VAR' },
  { long: '--strict-config' },
  { long: '--model', short: '-m', value: 'MODEL' },
  { long: '--dangerously-bypass-approvals-and-sandbox', alias: '--yolo' },
  { long: '--dangerously-bypass-hook-trust' },
  { long: '--worktree' },
  { long: '--thread-source', value: 'SOURCE' },
  {
    long: '--cyber-access-program',
    value: 'PROGRAM',
    possible: ['standard', 'daybreak_blue', 'daybreak_red'],
  },
  { long: '--skip-git-repo-check' },
  { long: '--ephemeral' },
  { long: '--ignore-user-config' },
  { long: '--ignore-rules' },
  { long: '--output-schema', value: 'FILE' },
  { long: '--json', alias: '--experimental-json' },
  { long: '--output-last-message', short: '-o', value: 'FILE' },
];

/** `codex exec`, 0.171.0. */
export const execGrammar: Grammar = {
  usage: 'codex exec [OPTIONS] [PROMPT]\n       codex exec [OPTIONS] <COMMAND> [ARGS]',
  options: [
    ...shared,
    { long: '--image', short: '-i', value: 'FILE', many: 'greedy', commas: true },
    { long: '--oss' },
    { long: '--local-provider', value: 'OSS_PROVIDER' },
    { long: '--profile', short: '-p', value: 'CONFIG_PROFILE_V2' },
    {
      long: '--sandbox',
      short: '-s',
      value: 'SANDBOX_MODE',
      possible: ['read-only', 'workspace-write', 'danger-full-access'],
    },
    { long: '--approve-for-me' },
    { long: '--cd', short: '-C', value: 'DIR' },
    { long: '--add-dir', value: 'DIR', many: true },
    { long: '--color', value: 'COLOR', possible: ['always', 'never', 'auto'] },
    { long: '--version', short: '-V' },
  ],
  positionals: 1,
  commands: ['resume', 'fork', 'review', 'help'],
};

/** `codex exec resume`. */
export const resumeGrammar: Grammar = {
  usage: 'codex exec resume [OPTIONS] [SESSION_ID] [PROMPT]',
  options: [
    ...shared,
    { long: '--image', short: '-i', value: 'FILE', many: true, commas: true },
    { long: '--last' },
    { long: '--all' },
  ],
  positionals: 2,
};

/** A run of `exec`, as described by its command line. */
export interface ExecCommand {
  /**
   * What was given, for a script to expect: the options by name (`addDir`, `enable` and `images` are lists), `config`
   * as an object, `resume` (the id or name, or `{last: true}`).
   */
  given: JsonObject;
  /** Overrides in order, starting with those before `exec`. */
  overrides: string[];
  /** The prompt as an argument: undefined if there is none, `-` if it must be read. */
  prompt: string | undefined;
  resumes: boolean;
}

/**
 * @param argv the arguments after `exec`
 * @param before overrides that came before it
 * @returns the run, or a text to print (`--help`, `--version`)
 * @throws FakeError (exit 2) in the engine's words, or in the fake's own for what only the engine can do
 */
export function parseExec(
  argv: readonly string[],
  before: readonly string[],
  engineVersion: string,
): ExecCommand | { text: string } {
  const outer = readArguments(argv, execGrammar);
  const { command } = outer;
  if (outer.options.version === true) return { text: `codex-cli-exec ${engineVersion}` };
  if (outer.options.help === true) return helpOf('Run Codex non-interactively', execGrammar);
  if (command !== undefined && command.name !== 'resume')
    throw unexpected('playing exec', 'exec or exec resume', `exec ${command.name}, which the fake does not play`);
  const inner = command === undefined ? undefined : readArguments(command.argv, resumeGrammar);
  if (inner?.options.help === true) return helpOf('Resume a previous session', resumeGrammar);
  const options = merged(outer.options, inner?.options ?? {});
  if (options.json !== true)
    throw unexpected('playing exec', '--json', 'a run without it, which the fake does not play');
  const { config = [], image, last, ...rest } = options;
  const overrides = [...before, ...(config as string[])];
  const given: JsonObject = {
    ...rest,
    ...(image !== undefined && { images: image }),
    ...(overrides.length > 0 && { config: configOf(overrides) }),
  };
  if (inner === undefined) return { given, overrides, prompt: outer.positionals[0], resumes: false };
  const [first, second] = inner.positionals;
  // With --last there is no id, so a single word is the prompt.
  const id = last === true && second === undefined ? undefined : first;
  const resume: JsonValue = last === true ? { last: true } : (id ?? null);
  return {
    given: { ...given, resume },
    overrides,
    prompt: last === true ? (second ?? first) : second,
    resumes: true,
  };
}

/**
 * `key=value` as the engine reads it if the value is JSON as well as TOML; otherwise its text. The last of several
 * wins.
 */
export function configOf(overrides: readonly string[]): JsonObject {
  return Object.fromEntries(
    overrides.map((override) => {
      const sign = override.indexOf('=');
      if (sign <= 0) {
        const text = `Error parsing -c overrides: Invalid override (missing '='): ${override}`;
        throw new FakeError(text, { exitCode: 1, asEngine: true });
      }
      const text = override.slice(sign + 1).trim();
      try {
        return [override.slice(0, sign).trim(), readJson(text) as JsonValue];
      } catch {
        return [override.slice(0, sign).trim(), text];
      }
    }),
  );
}

/** Options may come before and after `resume`: lists are joined, otherwise the inner one wins. */
function merged(outer: JsonObject, inner: JsonObject): JsonObject {
  const lists = Object.entries(outer).flatMap(([key, value]) => {
    const other = inner[key];
    return Array.isArray(value) && Array.isArray(other) ? [[key, [...value, ...other]] as const] : [];
  });
  return { ...outer, ...inner, ...(Object.fromEntries(lists) as JsonObject) };
}

const helpOf = (title: string, { usage, options }: Grammar): { text: string } => {
  const rows = options.map(({ long, short, value }) => {
    return `  ${short === undefined ? '    ' : `${short}, `}${long}${value === undefined ? '' : ` <${value}>`}`;
  });
  return { text: `${title}\n\nUsage: ${usage}\n\nOptions:\n${rows.join('\n')}` };
};

/** The id that a run resumes; undefined if it starts a thread, or says only which one to resume. */
export function resumedId({ given }: ExecCommand): string | undefined {
  const { resume } = given;
  if (isObject(resume) || typeof resume !== 'string') return undefined;
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(resume) ? resume : undefined;
}

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
