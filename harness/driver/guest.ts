import { expectedGot } from '../../native/expected-got.mjs';
import type { GuestId } from '../clients/clients.ts';
import { DriverProcess, type DriverProcessOptions } from './driver-process.ts';
import type { Patience } from './owed-line.ts';
import type { HelloMessage } from './protocol.ts';

/** A client that joins one run: the harness knows nothing of it but how its driver is started. */
export interface Guest {
  id: GuestId;
  /** The command line, as it was given. */
  command: string;
}

/** Who writes a driver waits for it: a line that does not come costs seconds. */
export const guestPatience: Patience = { stepMs: 10_000, openingMs: 10_000, closingMs: 10_000, graceMs: 2_000 };

const helloTimeoutMs = 10_000;

/**
 * How a guest's driver is started. Its program may be anywhere on the caller's PATH and find its own things in HOME; the client gets the environment of its
 * cell like any other.
 * @param env of every driver
 * @throws Error for a command line that cannot be read
 */
export function guestDriver(command: string, env: Record<string, string>): DriverProcessOptions {
  const [file, ...args] = commandWords(command);
  const { PATH, HOME } = process.env;
  const own = { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }) };
  const how = { file: file as string, args, env: { ...env, ...own } };
  return { client: command, ...how, helloTimeoutMs, patience: guestPatience };
}

/**
 * Starts the driver, hears who it is, and ends it.
 * @throws Error that says what became of its hello
 */
export async function greetGuest(command: string, env: Record<string, string>): Promise<HelloMessage & Guest> {
  const driver = new DriverProcess({ ...guestDriver(command, env), unnamed: true });
  try {
    const hello = await driver.start();
    return { ...hello, id: hello.client as GuestId, command };
  } catch (cause) {
    const stderr = driver.stderrTail === '' ? '' : `; the end of its stderr:\n${driver.stderrTail}`;
    throw new Error(`The driver said no hello that can be used${stderr}`, { cause });
  } finally {
    await driver.close();
  }
}

/** The words of a command line: parted by spaces, except within '…' and "…". There is no shell, so nothing else means anything. */
export function commandWords(command: string): string[] {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s'"]|'[^']*'|"[^"]*")+)/y;
  for (let found = pattern.exec(command); found !== null; found = pattern.exec(command)) {
    words.push((found[1] as string).replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
    if (command.slice(pattern.lastIndex).trim() === '') return words;
  }
  const got = command.trim() === '' ? 'no word' : `a quote that is not closed in ${command}`;
  throw new Error(expectedGot('reading --driver', 'a program and its arguments', got));
}
