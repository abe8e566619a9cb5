import { type KeepText, redactText } from '../../sdk/redact/secret-forms.ts';
import { type JsonValue, mapTexts } from '../../testing/json/json.ts';
import { SecretFinder } from '../../testing/record/known-secrets.ts';
import { redact } from '../../testing/record/redact.ts';
import type { Observation } from './types.ts';

/** Takes the secrets out of what leaves a run. */
export interface ObservationRedactor {
  observation(observation: Observation): Observation;
  text(text: string): string;
  /** The cause of an error, where nothing that it or its own causes say is a secret; else none. */
  cause(cause: unknown): unknown;
}

/**
 * Redacts once, before anything is written, compared or recorded: what is judged is what the raw file says. What a scenario itself says (`test-key`) is nobody's
 * secret and stays, so that it is compared; what the machine knows as a secret goes, wherever it stands and whatever it looks like.
 * @param scenario whose texts stay
 * @param secrets of the machine (`knownSecrets`)
 */
export function observationRedactor(scenario: unknown, secrets: readonly string[]): ObservationRedactor {
  const own = textsIn(scenario);
  const keep: KeepText = (text) => own.some((one) => one.includes(text));
  const known = new SecretFinder(secrets.filter((secret) => !keep(secret)));
  const without = (text: string) => known.replace(text, '<redacted:secret>');
  const text = (given: string) => redactText(without(given), keep);
  // Most machines have no secret to look for, and some transcripts are large: no copy of them for nothing.
  const cleaned = (line: JsonValue) => (known.empty ? line : mapTexts(line, without));
  return {
    observation: ({ header, lines }) => ({
      header,
      lines: lines.map((line) => redact(cleaned(line as unknown as JsonValue), keep) as unknown as typeof line),
    }),
    text,
    cause(cause) {
      for (let at = cause, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1)
        if (text(at.message) !== at.message) return undefined;
      return cause;
    },
  };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
