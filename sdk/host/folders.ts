import { homedir, userInfo } from 'node:os';

/**
 * The user's home folder; undefined for a user without one, such as a container's user with an arbitrary id and no
 * HOME.
 */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/** The user's name; undefined for an id without a name on this machine. */
export function userName(): string | undefined {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
}
