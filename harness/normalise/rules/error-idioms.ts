import { constants } from 'node:os';
import { type ClientId, clientFacts } from '../../clients/clients.ts';
import { camelCase } from '../../driver/ts/names.ts';
import type { ObservedError } from '../../observation/types.ts';
import type { LineRule } from '../types.ts';

/** An error that a client reports with its own class or wording. */
interface ErrorIdiom {
  class: string;
  /** Its text matches this. Default: any text. */
  text?: RegExp;
  /**
   * Its causes are these. Default: any causes, which are kept. If given, they are the client's own and are left out.
   */
  causes?: readonly string[];
  /** The corresponding class. */
  as: string;
  /** Its text in the corresponding words. Default: the text stays and is compared. */
  say?: (match: RegExpExecArray) => string;
}

/** What Python says where its package of the engine is not installed. */
const notInstalled =
  'Unable to locate the pinned Codex runtime. Install the published SDK build with its openai-codex-cli-bin ' +
  'dependency, or set CodexConfig.codexBin explicitly.';

/** Its cause is that the package could not be imported: we look for folders, so that ours has none. */
const notImported: ErrorIdiom = {
  class: 'FileNotFoundError',
  text: /^Unable to locate the pinned Codex runtime\. /,
  causes: ['ModuleNotFoundError'],
  as: 'FileNotFoundError',
};

const signalOf = (number: number): string | undefined =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0];

/**
 * Which errors correspond, all in one place. A client's error is replaced only if it has the class, the text and the
 * causes listed here; any other stays and shows. The app-server family uses Python's words. In the exec family the
 * official TypeScript SDK has one class for everything and only the text identifies the error, while the others have a
 * class for each. So there the golden gets the class that the text identifies, and a client that throws a plain Error
 * shows.
 */
const errorIdioms: Partial<Record<ClientId, readonly ErrorIdiom[]>> = {
  python: [notImported],
  'python-async': [notImported],
  ts: [
    // Python raises a plain RuntimeError for a failed turn; ours carries the partial result.
    { class: 'TurnFailedError', as: 'RuntimeError' },
    // A failed turn because of a refused login.
    { class: 'AuthError', as: 'RuntimeError' },
    // Python reports only that the engine has ended, and quotes its stderr; ours says how it ended.
    {
      class: 'EngineExitError',
      text: /^Codex process ended with (exit code|signal) .*$/s,
      as: 'TransportClosedError',
      say: () => 'Codex process closed stdout. stderr_tail=<stderr>',
    },
    // The libraries that a bridge serves have errors of their own, with our text.
    ...['RequestError', 'AI_APICallError'].map((name) => ({
      class: name,
      text: /^Codex process ended with (exit code|signal) .*$/s,
      as: name,
      say: () => 'Codex process closed stdout. stderr_tail=<stderr>',
    })),
    // Python raises its language's own error where there is no engine to start; ours has a class for it, and says where it has looked.
    { class: 'LaunchError', text: /^Codex binary not found at /, as: 'FileNotFoundError' },
    {
      class: 'LaunchError',
      text: /^@openai\/codex-\S+ is installed but missing its /,
      as: 'FileNotFoundError',
      say: () => 'openai-codex-cli-bin is installed but missing its ',
    },
    {
      class: 'LaunchError',
      text: /^Unable to locate the Codex runtime: TWINPROOF_ENGINE is not set, .* Run `npx twinproof install`, .*, or set CodexConfig\.codexBin explicitly\.$/s,
      as: 'FileNotFoundError',
      say: () => notInstalled,
    },
    // Ours adds what to do about it.
    {
      class: 'InvalidRequestError',
      text: /^(.* requires experimentalApi capability)\. Set CodexConfig\.experimentalApi to true\.$/s,
      as: 'InvalidRequestError',
      say: ({ 1: said }) => said ?? '',
    },
    // A cancelled call ends with the language's own error. asyncio's has no text; ours says what was cancelled,
    // followed by the signal's reason.
    {
      class: 'AbortError',
      text: /^(turn\/start|reading the events of turn \S+|starting a goal) was aborted$/,
      causes: ['AbortError'],
      as: 'CancelledError',
      say: () => '',
    },
  ],
  'ts-official': [
    { class: 'Error', text: /^Codex Exec exited with (code|signal) /, as: 'CodexExecError' },
    { class: 'Error', text: /^Failed to parse item: /, as: 'EventParseError' },
    { class: 'Error', text: /^outputSchema must be a plain JSON object$/, as: 'TypeError' },
    { class: 'Error', text: /^(Codex|Unsupported Codex) config override/, as: 'TypeError' },
  ],
  'python-exec': [
    // Python reports a signal as its negative number.
    {
      class: 'CodexExecError',
      text: /^Codex Exec exited with code -(\d+): /,
      as: 'CodexExecError',
      say: ({ 1: number }) => `Codex Exec exited with signal ${signalOf(Number(number)) ?? number}: `,
    },
    // pydantic refuses it, in the words of its version, which contain the name of the option.
    {
      class: 'ValidationError',
      text: /^1 validation error for TurnOptions\noutput_schema\n {2}Input should be a valid dictionary \[type=dict_type,.*$/s,
      as: 'TypeError',
      say: () => 'outputSchema must be a plain JSON object',
    },
  ],
};

/** The error of the language's own JSON parser, if it is the cause of another. */
const parserErrors: Partial<Record<ClientId, readonly [own: string, answers: string]>> = {
  ts: ['SyntaxError', 'JSONDecodeError'],
  'python-exec': ['JSONDecodeError', 'SyntaxError'],
};

export const errorIdiom: LineRule = {
  name: 'error-idiom',
  reason:
    'the same error has another class or other words in another language or SDK: a table says which, and only for those',
  apply(line, { header: { client } }) {
    if (line.ch !== 'error' || line.error === undefined) return undefined;
    const error = inOneTongue(line.error, client);
    return error === line.error ? undefined : { ...line, error };
  },
};

function inOneTongue(error: ObservedError, client: ClientId): ObservedError {
  for (const idiom of errorIdioms[client] ?? []) {
    const match = (idiom.text ?? /^/).exec(error.message);
    if (idiom.class !== error.class || match === null) continue;
    const { causes, ...rest } = error;
    if (idiom.causes !== undefined && idiom.causes.join() !== causes?.join()) continue;
    const message = idiom.say === undefined ? error.message : idiom.say(match) + error.message.slice(match[0].length);
    const kept = idiom.causes === undefined && causes !== undefined ? { causes: answering(causes, client) } : {};
    return { ...rest, class: idiom.as, message, ...kept };
  }
  const parser = parserErrors[client]?.[0];
  return parser !== undefined && error.causes?.includes(parser)
    ? { ...error, causes: answering(error.causes, client) }
    : error;
}

const answering = (causes: string[], client: ClientId): string[] =>
  causes.map((cause) => (cause === parserErrors[client]?.[0] ? parserErrors[client][1] : cause));

/** A setting of the client's configuration, as named in errors. */
const setting = /\bCodexConfig\.(\w+)/g;

export const settingNames: LineRule = {
  name: 'setting-names',
  reason:
    "an error names the setting that helps as the language spells it: Python's are compared by the names that they have in ours",
  apply(line, { header: { client } }) {
    if (clientFacts(client).language !== 'python' || line.ch !== 'error') return undefined;
    // The sensitivity check may have removed the error, or its text.
    const said: unknown = line.error?.message;
    if (typeof said !== 'string') return undefined;
    const message = said.replace(setting, (_, name: string) => `CodexConfig.${camelCase(name)}`);
    return message === said ? undefined : { ...line, error: { ...line.error, message } };
  },
};
