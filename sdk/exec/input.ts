import { expectedGot } from '../../native/expected-got.mjs';
import { quoted } from '../errors/python-text.ts';
import { listOf } from '../transport/argv.ts';

/** A text. */
export type TextInput = { type: 'text'; text: string };

/** An image, by its path: absolute, or relative to the engine's working directory. */
export type LocalImageInput = { type: 'local_image'; path: string };

/** One piece of a turn's input. */
export type UserInput = TextInput | LocalImageInput;

/** A turn's input: a text, or texts and images. */
export type Input = string | UserInput[];

/**
 * The prompt, with texts separated by a blank line, and the paths of the images, in order.
 * @throws TypeError for an entry of another type: silently skipped, it would be missing from the prompt
 */
export function splitInput(input: Input): { prompt: string; images: string[] } {
  if (typeof input === 'string') return { prompt: input, images: [] };
  const texts: string[] = [];
  const images: string[] = [];
  for (const entry of listOf('input', input)) {
    if (entry?.type === 'text') texts.push(promptText(entry.text));
    else if (entry?.type === 'local_image') images.push(entry.path);
    else throw new TypeError(`Invalid input entry type: ${quoted(String((entry as { type: unknown } | null)?.type))}`);
  }
  return { prompt: texts.join('\n\n'), images };
}

/** The prompt goes to the engine's stdin, which can carry any text. */
function promptText(text: unknown): string {
  if (typeof text === 'string') return text;
  throw new TypeError(expectedGot('reading the input of a turn', 'a text entry with a string in `text`', typeof text));
}
