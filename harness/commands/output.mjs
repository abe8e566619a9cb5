// @ts-check
import { randomUUID } from 'node:crypto';

/** @typedef {'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'} Style */

/**
 * Colours for what `Output` prints. They are marked by a secret of this process, so that an escape sequence in a name is never taken for one.
 * @typedef {Record<Style, (text: string) => string>} Paint
 */

/**
 * The only way to the terminal. Every argument is one line: whatever an engine, a client or a file put into it, it stays one line of text.
 * @typedef {object} Output
 * @property {(...lines: string[]) => void} out the result, on stdout
 * @property {(...lines: string[]) => void} note progress and what went wrong, on stderr
 * @property {boolean} live somebody watches: a line of status can be replaced. Never in CI
 * @property {(text?: string) => void} status the line below everything else, until the next one; without a text it is gone. Nothing where not `live`
 * @property {(name: 'error' | 'warning' | 'notice', properties?: Record<string, string | number>, message?: string) => void} command
 * a command to GitHub's runner, on stdout
 * @property {(line: string) => void} relay a line on stdout that another process of ours has printed through its own Output
 * @property {Paint} paint
 * @property {() => Promise<boolean>} flush resolves when all is written; false when a stream failed for another reason than that its reader left
 */

/** @typedef {import('node:stream').Writable & { isTTY?: boolean, columns?: number }} Stream */

/** @type {Record<Style, [number, number]>} */
const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] };
const secret = randomUUID();
const marked = new RegExp(`\\x1b\\[${secret}:(\\d+)m`);

/** @type {Paint} */
const coloured = paintWith((text, [on, off]) => `\x1b[${secret}:${on}m${text}\x1b[${secret}:${off}m`);
/** @type {Paint} */
export const plain = paintWith((text) => text);

/**
 * @param {object} [options]
 * @param {Stream} [options.stdout]
 * @param {Stream} [options.stderr]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Output}
 */
export function openOutput({ stdout = process.stdout, stderr = process.stderr, env = process.env } = {}) {
  const status = statusLine(stderr, env);
  const [result, notes] = [lineWriter(stdout, status), lineWriter(stderr, status)];
  return {
    out: (...lines) => result.write(...lines.map(asLine)),
    note: (...lines) => notes.write(...lines.map(asLine)),
    live: status.live,
    status: status.show,
    command: (name, properties = {}, message = '') => result.write(runnerCommand(name, properties, message)),
    relay: (line) => result.write(line),
    paint: hasColours(stdout, env) ? coloured : plain,
    flush: async () => {
      status.show();
      return (await Promise.all([result.flush(), notes.flush()])).every(Boolean);
    },
  };
}

/**
 * Text that somebody else wrote, with everything that a terminal would act upon spelled out: control characters, escape sequences, line ends,
 * marks that reverse the order of reading, halves of characters.
 * @param {string} text
 */
export function printable(text) {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu,
    (character) => {
      const code = character.codePointAt(0) ?? 0;
      const short = { 9: '\\t', 10: '\\n', 13: '\\r' }[code];
      if (short !== undefined) return short;
      if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
      return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
    },
  );
}

/**
 * One line as it is printed: `printable`, in our colours, and never a command to GitHub's runner, which takes `::` at the beginning of a line, spaces
 * before it or not, and `##[` anywhere.
 * @param {string} text
 */
function asLine(text) {
  const parts = text.split(marked);
  const line = parts
    .map((part, at) => (at % 2 === 1 ? `\x1b[${part}m` : printable(part).replaceAll('##[', '#\\#[')))
    .join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our colours.
  return line.replace(/^((?:\s|\x1b\[\d+m)*):(?=(?:\x1b\[\d+m)*:)/, '$1\\:');
}

/** @param {string} name @param {Record<string, string | number>} properties @param {string} message */
function runnerCommand(name, properties, message) {
  const data = (/** @type {string} */ text) =>
    text.split(/\r?\n/).map(printable).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
  const listed = Object.entries(properties).map(
    ([key, value]) => `${key}=${data(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name}${listed.length > 0 ? ` ${listed.join(',')}` : ''}::${data(message)}`;
}

/** @typedef {{ live: boolean, show(text?: string): void, around(write: () => void): void }} StatusLine */

/**
 * A line at the bottom of a terminal. What is printed meanwhile stands above it.
 * @param {Stream} stream @param {NodeJS.ProcessEnv} env @returns {StatusLine}
 */
function statusLine(stream, env) {
  const live = stream.isTTY === true && env['TERM'] !== 'dumb' && !env['CI'];
  /** @type {string | undefined} */
  let shown;
  let broken = false;
  const clear = '\r\x1b[2K';
  // A line that wraps could not be replaced.
  const cut = (/** @type {string} */ text) => [...printable(text)].slice(0, (stream.columns || 80) - 1).join('');
  stream.on('error', () => {
    broken = true;
  });
  return {
    live,
    show: (text) => {
      if (!live || broken || text === shown) return;
      stream.write(text === undefined ? clear : `${clear}${cut(text)}`);
      shown = text;
    },
    around: (write) => {
      const text = shown;
      if (text === undefined || broken) return write();
      stream.write(clear);
      write();
      stream.write(cut(text));
    },
  };
}

/**
 * A reader may leave early (`| head`, a pager): what follows has nobody to be read by, and is no failure.
 * @param {Stream} stream @param {StatusLine} status
 */
function lineWriter(stream, status) {
  let closed = false;
  let well = true;
  stream.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    closed = true;
    // EOF is what Windows says.
    if (error.code !== 'EPIPE' && error.code !== 'EOF' && error.code !== 'ERR_STREAM_DESTROYED') well = false;
  });
  return {
    /** Each line is a write of its own: the first one that fails is the last. @param {string[]} lines */
    write: (...lines) =>
      status.around(() => {
        for (const line of lines) if (!closed) stream.write(`${line}\n`);
      }),
    /** Both streams may be pipes that are written asynchronously: leaving at once would cut the last lines. */
    flush: async () => {
      if (!closed) await new Promise((resolve) => stream.write('', resolve));
      // An error is told in the turn after its write.
      await new Promise((resolve) => setImmediate(resolve));
      return well;
    },
  };
}

/** @param {Stream} stream @param {NodeJS.ProcessEnv} env */
function hasColours(stream, env) {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return (stream.isTTY === true && env['TERM'] !== 'dumb') || Boolean(env['CI']);
}

/** @param {(text: string, code: [number, number]) => string} apply @returns {Paint} */
function paintWith(apply) {
  /** @param {Style} style */
  const one = (style) => (/** @type {string} */ text) => apply(text, codes[style]);
  return {
    bold: one('bold'),
    dim: one('dim'),
    red: one('red'),
    green: one('green'),
    yellow: one('yellow'),
    cyan: one('cyan'),
  };
}
