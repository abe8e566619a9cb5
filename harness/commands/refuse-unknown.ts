import { type ArgsDef, parseArgs } from 'citty';
import { UsageError } from './arguments.ts';

/** Takes any number of words, by its own reading. */
const manyWords = 'DIR...';

/**
 * citty lets unknown options and further words pass: a misspelt `--client` would silently run everything, and so would the name of a scenario.
 * @throws UsageError that names what is not understood, and what could be meant
 */
export function refuseUnknown(name: string, args: readonly string[], defined: ArgsDef = {}): void {
  const known = Object.keys(defined);
  for (const arg of args) {
    const option = /^--(?:no-)?([^=]+)/.exec(arg)?.[1];
    if (arg.startsWith('-') && (option === undefined || !known.includes(option))) {
      const options = known.filter((one) => defined[one]?.type !== 'positional');
      throw new UsageError(`unknown option ${arg}; known are ${options.map((one) => `--${one}`).join(', ')}`);
    }
  }
  const positional = Object.entries(defined).filter(([, { type }]) => type === 'positional');
  if (positional.some(([, { valueHint }]) => valueHint === manyWords)) return;
  const words = parseArgs([...args], defined)._;
  const extra = words.slice(positional.length);
  if (extra.length === 0) return;
  const wanted = positional.length === 0 ? 'options alone' : `no more than ${positional.map(([one]) => one).join(' ')}`;
  const hint = meant(words, extra, known);
  throw new UsageError(
    `${name}: saw the word ${extra.join(' ')}, wanted ${wanted}${hint && `; did you mean ${hint}?`}`,
  );
}

function meant(words: readonly string[], extra: readonly string[], known: readonly string[]): string {
  if (known.includes('glob')) return words.join(',');
  return known.includes('scenario') && words.length === extra.length ? `--scenario ${extra.join(',')}` : '';
}
