import { execa } from 'execa';
import type { BehaviourDiff } from './behaviour-diff.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BehaviourWhat, Change, ChangeClass } from './types.ts';

/** The commands that SDKs start. */
const commands = [[], ['exec'], ['exec', 'resume'], ['exec', 'review'], ['app-server'], ['login']] as const;

/** What `codex COMMAND --help` offers: options and subcommands as they are written, each with the values that it may have. */
export type Offers = ReadonlyMap<string, string>;

export function readHelp(text: string): Offers {
  const offers = new Map<string, string>();
  let section = '';
  let option: string | undefined;
  for (const line of text.split('\n')) {
    const [, title] = /^(\w[\w ]*):/.exec(line) ?? [];
    if (title !== undefined) {
      section = title;
      option = undefined;
    }
    const [, subcommand] = (section === 'Commands' && /^ {2}([a-z][\w-]*)/.exec(line)) || [];
    if (subcommand !== undefined) offers.set(subcommand, '');
    const [, header, values] = /^ {2,6}(-.+?)(?: {2,}(.*))?$/.exec(line) ?? [];
    if (header !== undefined) {
      option = header;
      offers.set(header, possible(values ?? ''));
    } else if (option !== undefined) {
      const [, listed] = /^ +- ([\w-]+)(?::|$)/.exec(line) ?? [];
      const more = listed ?? possible(line);
      if (more !== '') offers.set(option, [offers.get(option), more].filter((one) => one !== '').join(', '));
    }
  }
  return offers;
}

const possible = (text: string): string => /\[possible values: ([^\]]+)\]/.exec(text)?.[1] ?? '';

export function diffOffers(command: string, before: Offers, after: Offers): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, fresh] = [before.get(name), after.get(name)];
    if (old === fresh) return [];
    const place = `${command} ${name}`;
    if (old === undefined) return [changeOf('line-added', 'additive', place, undefined, name)];
    if (fresh === undefined) return [changeOf('line-removed', 'breaking', place, name, undefined)];
    const gone = old.split(', ').some((value) => !fresh.split(', ').includes(value));
    return [changeOf('value-changed', gone ? 'breaking' : 'additive', place, old, fresh)];
  });
}

const changeOf = (
  what: BehaviourWhat,
  kind: ChangeClass,
  place: string,
  before: string | undefined,
  after: string | undefined,
): Change => ({
  fingerprint: fingerprintOf({ source: 'behaviour', what, place }, { before, after }),
  ...{ source: 'behaviour', class: kind, classes: { sent: kind }, direction: 'sent', place, what },
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
  ...{ messages: [], provenBy: [], blame: 'engine', scenarios: 0 },
});

/** What the two engines offer on their command lines, as their own help says. */
export async function diffCommandLines(from: string, to: string, signal: AbortSignal): Promise<BehaviourDiff> {
  const begun = performance.now();
  const changes: Change[] = [];
  for (const command of commands) {
    const [before, after] = await Promise.all(
      [from, to].map(async (program) => {
        // A command that one engine lacks prints an error and no help.
        const told = await execa(program, [...command, '--help'], {
          reject: false,
          stdin: 'ignore',
          cancelSignal: signal,
        });
        signal.throwIfAborted();
        return readHelp(told.exitCode === 0 ? told.stdout : '');
      }),
    );
    changes.push(...diffOffers(['codex', ...command].join(' '), before as Offers, after as Offers));
  }
  const none = { of: 'engine' as const, unsteady: [], notApplicable: [], unrun: [], exercised: new Map(), compared: 0 };
  return { changes, ...none, durationMs: Math.round(performance.now() - begun) };
}
