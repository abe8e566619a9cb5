/** A deadline passed before what was waited for. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}

/**
 * Awaits `promise`, or throws DeadlineReached after `ms`. The promise itself continues, and its rejection counts as
 * handled.
 */
export async function before<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineReached(`not over after ${ms} ms`)), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
