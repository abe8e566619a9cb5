import { syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

/** Those that were made and may still be due. */
const made = new Set<NodeJS.Timeout>();
/** Beyond so many, those that are over are let go. */
const most = 1000;

/**
 * Notes the timers that are made from here on, also those that do not keep the program running, of which Node says
 * nothing. Call it before what is watched is imported: it may keep the functions.
 */
export function noteTimers(): void {
  const timers = process.getBuiltinModule('node:timers');
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = timers[name] as (...given: unknown[]) => NodeJS.Timeout;
    const noted = (...given: unknown[]): NodeJS.Timeout => {
      const timer = original(...given);
      if (made.size >= most) pendingTimers();
      made.add(timer);
      return timer;
    };
    const promised = Object.getOwnPropertyDescriptor(original, promisify.custom);
    if (promised) Object.defineProperty(noted, promisify.custom, promised);
    Object.assign(timers, { [name]: noted });
    Object.assign(globalThis, { [name]: noted });
  }
  syncBuiltinESMExports();
}

/** How many of the noted timers are still due. */
export function pendingTimers(): number {
  for (const timer of made) if ((timer as unknown as { _destroyed: boolean })._destroyed) made.delete(timer);
  return made.size;
}
