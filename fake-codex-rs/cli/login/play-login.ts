import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { FakeError } from '../../fake-error.ts';
import type { Closing } from '../../replay/closing.ts';
import type { Exit } from '../../replay/player.ts';
import { untilClientGone } from '../exec/exec-end.ts';
import { commonOptions, type Grammar, readArguments } from '../read-arguments.ts';
import { type SideRun, sideAnswer } from '../side-run.ts';

/** The ways to log in and out, as a script names them. */
type Way = 'api-key' | 'access-token' | 'device-auth' | 'browser' | 'status' | 'logout';

const loginGrammar: Grammar = {
  usage: 'codex login [OPTIONS] [COMMAND]',
  options: [
    ...commonOptions,
    { long: '--with-api-key' },
    { long: '--with-access-token' },
    { long: '--device-auth' },
    { long: '--api-key', value: 'API_KEY' },
  ],
  positionals: 0,
  commands: ['status', 'help'],
};
const statusGrammar: Grammar = { usage: 'codex login status [OPTIONS]', options: commonOptions, positionals: 0 };
const logoutGrammar: Grammar = { usage: 'codex logout [OPTIONS]', options: commonOptions, positionals: 0 };

/** What a run prints, on which stream, and how it exits. */
interface Words {
  prints?: string;
  says?: string;
  code: number;
}

/**
 * Plays `login` and `logout`. Nothing leaves the machine, and a key from the client is read and forgotten. A script's
 * `login` steps change what happens.
 * @throws FakeError if the engine refuses the run, in its words
 */
export async function playLogin(name: 'login' | 'logout', argv: readonly string[], run: SideRun): Promise<Exit> {
  const way = wayOf(name, argv);
  if (typeof way !== 'string') return speak(run, way);
  const secret = way === 'api-key' || way === 'access-token' ? await readSecret(way, run) : undefined;
  const scripted = sideAnswer(run.options.script, (step) => step.login === way, run.start);
  if (scripted === undefined) return speak(run, byItself(way, secret));
  const { prints, says, code, waits } = scripted;
  const exit = await speak(run, {
    ...(typeof prints === 'string' && { prints }),
    ...(typeof says === 'string' && { says }),
    code: typeof code === 'number' ? code : 0,
  });
  return waits === true ? untilEnded(run.closing) : exit;
}

function wayOf(name: 'login' | 'logout', argv: readonly string[]): Way | Words {
  if (name === 'logout') {
    const { options } = readArguments(argv, logoutGrammar);
    return options.help === true ? helpOf(logoutGrammar) : 'logout';
  }
  const { options, command } = readArguments(argv, loginGrammar);
  if (options.help === true || command?.name === 'help') return helpOf(loginGrammar);
  if (command !== undefined) {
    const inner = readArguments(command.argv, statusGrammar);
    return inner.options.help === true ? helpOf(statusGrammar) : 'status';
  }
  if (options.apiKey !== undefined) {
    throw refused(
      'The --api-key flag is no longer supported. Pipe the key instead, e.g. `printenv OPENAI_API_KEY | codex login --with-api-key`.',
    );
  }
  if (options.withApiKey === true && options.withAccessToken === true)
    throw refused('Choose one login credential source: --with-api-key or --with-access-token.');
  if (options.deviceAuth === true) return 'device-auth';
  if (options.withAccessToken === true) return 'access-token';
  return options.withApiKey === true ? 'api-key' : 'browser';
}

/** Waits for a signal and dies from it, or for the end of its client. */
async function untilEnded(closing: Closing): Promise<Exit> {
  const gone = untilClientGone(closing);
  await closing.begun;
  gone.stop();
  return { code: null, signal: closing.reason?.signal ?? null };
}

/** Read completely and never logged. */
async function readSecret(way: 'api-key' | 'access-token', { log }: SideRun): Promise<string> {
  const what = way === 'api-key' ? 'API key' : 'access token';
  const text = `Reading ${what} from stdin...\n`;
  log.write('stderr', { text });
  process.stderr.write(text);
  const secret = (await buffer(process.stdin)).toString('utf8').trim();
  if (secret === '') throw refused(`No ${what} provided via stdin.`);
  return secret;
}

const keyWords = 'API key configured - ';
const unchecked = 'Authentication is checked when you send a request.';

function byItself(way: Way, secret = ''): Words {
  const home = process.env.CODEX_HOME;
  switch (way) {
    case 'status': {
      const login = readLogin(home);
      if (login === undefined) return { says: 'Not logged in', code: 1 };
      const isKey = login.startsWith(keyWords);
      return { says: isKey ? `${login}\n${unchecked}` : `Logged in using ${login}`, code: 0 };
    }
    case 'logout':
      return { says: removeLogin(home) ? 'Successfully logged out' : 'Not logged in', code: 0 };
    case 'api-key':
      writeLogin(home, `${keyWords}${maskedKey(secret)}`);
      return { says: `API key saved. ${unchecked}`, code: 0 };
    case 'access-token':
      writeLogin(home, 'an access token');
      break;
    default:
      writeLogin(home, 'ChatGPT');
      return { prints: 'Open http://localhost/login and enter FAKE-CODE', says: 'Successfully logged in', code: 0 };
  }
  return { says: 'Successfully logged in', code: 0 };
}

/** The output is logged: none of it comes from the client. */
async function speak({ log }: SideRun, { prints, says, code }: Words): Promise<Exit> {
  for (const [text, stream, ch] of [
    [prints, process.stdout, 'in'],
    [says, process.stderr, 'stderr'],
  ] as const) {
    if (text === undefined) continue;
    log.write(ch, { text: ch === 'in' ? text : `${text}\n` });
    await new Promise<void>((resolve) => stream.write(`${text}\n`, () => resolve()));
  }
  return { code, signal: null };
}

const helpOf = ({ usage: line, options }: Grammar): Words => ({
  prints: `Usage: ${line}\n\nOptions:\n${options.map(({ long }) => `  ${long}`).join('\n')}`,
  code: 0,
});

const refused = (text: string) => new FakeError(text, { exitCode: 1, asEngine: true });

/**
 * Next to the engine's own `auth.json`, which the fake neither reads nor writes, because it may be somebody's real one.
 */
const fileName = 'fake-login.json';

/**
 * How `login status` describes the current login; undefined if there is none. Nothing is kept without a `CODEX_HOME`.
 */
export function readLogin(codexHome: string | undefined): string | undefined {
  if (codexHome === undefined) return undefined;
  try {
    return String((JSON.parse(readFileSync(join(codexHome, fileName), 'utf8')) as { login: unknown }).login);
  } catch {
    return undefined;
  }
}

/** @param login never a key, only its `maskedKey` */
export function writeLogin(codexHome: string | undefined, login: string): void {
  if (codexHome === undefined) return;
  mkdirSync(codexHome, { recursive: true });
  const file = join(codexHome, fileName);
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ login }));
  renameSync(`${file}.${process.pid}`, file);
}

/** @returns whether there was one */
export function removeLogin(codexHome: string | undefined): boolean {
  const was = readLogin(codexHome) !== undefined;
  if (was) rmSync(join(codexHome as string, fileName), { force: true });
  return was;
}

/** A key as the engine displays it: its ends, if it is long enough to have a middle. */
export const maskedKey = (key: string): string => (key.length <= 13 ? '***' : `${key.slice(0, 8)}***${key.slice(-5)}`);
