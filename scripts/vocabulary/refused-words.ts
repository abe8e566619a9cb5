/** A word or phrase that this project no longer uses, and what to write instead. */
export interface RefusedWord {
  pattern: RegExp;
  write: string;
}

/**
 * The one list of words that pages, comments, help and error texts may not contain. The vocabulary in CONTRIBUTING.md has the words to use. To retire
 * a word, add it here, run `npx vitest run --project unit scripts/vocabulary`, and fix what the test names.
 */
export const refusedWords: readonly RefusedWord[] = [
  // Retired names.
  { pattern: /\boracles?\b/i, write: 'sensitivity, or reference client' },
  { pattern: /\bsurroundings\b/i, write: 'environment' },
  { pattern: /\bface\/|`face`/, write: 'cli' },
  { pattern: /\bbroken[ -]clients?\b/i, write: 'faulty client' },
  { pattern: /\bparity -- (?:oracle|mutate|replay)\b/, write: 'parity -- sensitivity, mutation or rerun' },
  { pattern: /\bout\/(?:oracle|mutate|replay)\b/, write: 'out/sensitivity, out/mutation or out/rerun' },
  // Not English, or not the English of this project.
  { pattern: /\btime-outs?\b/i, write: 'timeout' },
  { pattern: /\bfor ever\b/i, write: 'forever' },
  { pattern: /\bgo(?:es)? on with\b/i, write: 'continue with' },
  { pattern: /\bof (?:before|today)\b/i, write: 'previous, or current' },
  { pattern: /\b(?:frees? the caller|counts? more|is too much|Who must|No deadline have)\b/, write: 'another phrase' },
  { pattern: /\bhis\b/i, write: 'its, their, or your' },
  {
    pattern:
      /(?<!\bthere )\bis no (?:text|folder|JSON|UTF-8|object|list|event|message|number|file|string|array|golden|program)\b/i,
    write: 'is not a',
  },
  { pattern: /\bwanted\b/i, write: 'expected' },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, write: 'fix' },
];
