import { transform } from 'esbuild';
import { expectedGot } from '../../../native/expected-got.mjs';
import type { Break } from './types.ts';

/** How often the text occurs: a break needs it exactly once. */
export function timesFound(text: string, { find }: Break): number {
  return text.split(find).length - 1;
}

/**
 * The file's text with the break in it.
 * @throws Error if the place does not occur exactly once, or the result is not a program: a file that cannot be loaded
 * shows no behaviour
 */
export async function applyBreak(text: string, change: Break): Promise<string> {
  const times = timesFound(text, change);
  if (times !== 1)
    throw new Error(expectedGot(`breaking ${change.file}`, 'the text to be broken in it once', `it ${times} times`));
  const broken = text.replace(change.find, () => change.replace);
  if (broken === text) throw new Error(`the break of ${change.file} changes nothing`);
  try {
    await transform(broken, { loader: 'ts', logLevel: 'silent' });
  } catch (cause) {
    throw new Error(`${change.file} is not a program with its break: ${(cause as Error).message}`, { cause });
  }
  return broken;
}
