import { redactText } from './secret-forms.ts';
import { isSecretName } from './secret-names.ts';

/** Shorter values of variables would occur everywhere. */
const shortest = 8;

/**
 * What an error says, for a reader outside of this program, such as a model: without its stack, without what looks like a
 * key or a password, and without the values of environment variables that are named like secrets.
 */
export function errorText(error: unknown): string {
  let text = textOf(error);
  for (const [name, value = ''] of Object.entries(process.env))
    if (value.length >= shortest && isSecretName(name)) text = text.replaceAll(value, '<redacted:secret>');
  return redactText(text);
}

function textOf(error: unknown): string {
  // Anything can be thrown, and what it says can be a getter that throws.
  try {
    const message: unknown = error instanceof Error ? error.message : error;
    return String(message);
  } catch {
    return 'an error that says nothing';
  }
}
