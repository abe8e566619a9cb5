import type { ObservationBody } from '../../observation/types.ts';
import { drop, type LineRule, type ValueRule } from '../types.ts';
import { textAt } from '../wire-facts.ts';

/** Replaces the run's folders, the longest first, so that a folder inside another one keeps its own name. */
export const paths: ValueRule = {
  name: 'path',
  reason: 'every run has folders of its own',
  apply(value, _place, { header }) {
    if (typeof value !== 'string') return undefined;
    const { launcher, workspace, codexHome, home, tmp, root } = header.paths;
    const known: [string, string][] = [
      [launcher, '<launcher>'],
      [workspace, '<workspace>'],
      [codexHome, '<codexHome>'],
      [home, '<home>'],
      [tmp, '<tmp>'],
      [root, '<root>'],
    ];
    // The launcher `root/codex` is a prefix of `root/codex-home`.
    known.sort(([a], [b]) => b.length - a.length);
    let out = value;
    for (const [path, placeholder] of known) if (path !== '') out = out.replaceAll(path, placeholder);
    return out === value ? undefined : out;
  },
};

const writableRoots = /(The writable roots are )(`[^`]+`(?:, `[^`]+`)*)/g;

/**
 * The engine lists them in the order of their paths, so which comes first depends on where the cell is. After `paths`.
 */
export const rootsInOrder: ValueRule = {
  name: 'writable-roots',
  loosens: true,
  reason: "the model is told the sandbox's roots in the order of their paths, and every run has folders of its own",
  apply(value, { line }) {
    if (line.ch !== 'model.request' || typeof value !== 'string') return undefined;
    const out = value.replace(
      writableRoots,
      (_, words: string, list: string) => words + list.split(', ').sort().join(', '),
    );
    return out === value ? undefined : out;
  },
};

export const ports: ValueRule = {
  name: 'port',
  loosens: true,
  reason: 'loopback ports are given out by the system, and a server of a cell has a token behind its port',
  apply(value) {
    if (typeof value !== 'string') return undefined;
    const out = value.replace(/(\b127\.0\.0\.1|\blocalhost|\[::1\]):\d+(?:\/[0-9a-f]{64}(?![0-9a-f]))?/g, '$1:<port>');
    return out === value ? undefined : out;
  },
};

export const processIds: ValueRule = {
  name: 'process-id',
  loosens: true,
  reason: 'process and session numbers are given out by the system and the engine',
  volatile: 'echo',
  apply(value, { key }) {
    if (key !== 'processId' && key !== 'process_id' && key !== 'session_id') return undefined;
    return value === null || (typeof value === 'string' && !/^\d+$/.test(value)) ? undefined : '<process>';
  },
};

export const cursors: ValueRule = {
  name: 'cursor',
  loosens: true,
  reason: 'cursors are opaque and carry times',
  volatile: 'echo',
  apply(value, { key }) {
    if (key === undefined || !/cursor$/i.test(key) || typeof value !== 'string') return undefined;
    return '<cursor>';
  },
};

const agent = /^([^ ]+\/)?(\S+) \([^)]*\) (.+) \(([^;]+; [^)]+)\)$/;

/**
 * `NAME/ENGINE (OS) TERM (NAME; VERSION)`; everything after the slash if an SDK takes that for the version.
 * `client-identity` replaces the names.
 */
export const userAgent: ValueRule = {
  name: 'user-agent',
  loosens: true,
  reason: "the engine's user agent names the system and the terminal",
  apply(value, { key, path }, context) {
    if (typeof value !== 'string' || key === undefined) return undefined;
    if (!/^user[-_]?agent$/i.test(key) && !(key === 'version' && path.at(-2) === 'serverInfo')) return undefined;
    const match = agent.exec(value);
    if (match === null) return undefined;
    const engine = match[2] === context.header.engineVersion ? '<engine.version>' : match[2];
    const caller =
      match[4] === `codex_exec; ${context.header.engineVersion}` ? 'codex_exec; <engine.version>' : match[4];
    return `${match[1] ?? ''}${engine} (<os>) <term> (${caller})`;
  },
};

export const engineVersion: ValueRule = {
  name: 'engine-version',
  reason: 'goldens outlive the version that they were recorded with',
  apply: (value, { key }, { header }) =>
    (key === 'cliVersion' || key === 'cli_version') && value === header.engineVersion ? '<engine.version>' : undefined,
};

const saidByEngine: ReadonlySet<string> = new Set(['wire.in', 'event', 'result']);

export const hostName: ValueRule = {
  name: 'host-name',
  loosens: true,
  reason: 'the name of the machine',
  volatile: 'echo',
  // The name of an MCP server belongs to the scenario.
  apply: (value, { key, line }) =>
    key === 'serverName' &&
    saidByEngine.has(line.ch) &&
    !methodOf(line)?.startsWith('mcpServer/') &&
    typeof value === 'string' &&
    value !== ''
      ? '<host>'
      : undefined,
};

const dropped = new Set(['timezone', 'x-codex-turn-metadata', 'host', 'content-length']);

export const hostFacts: ValueRule = {
  name: 'host-fact',
  loosens: true,
  reason: 'facts of the machine and of the connection, not of the client',
  apply: (_value, { key, line }) =>
    line.ch === 'model.request' && key !== undefined && dropped.has(key) ? drop : undefined,
};

export const requestNumber: ValueRule = {
  name: 'request-number',
  loosens: true,
  reason: 'requests of several threads are numbered as they happen to arrive',
  apply: (value, { path, line }) =>
    line.ch === 'model.request' && path.join() === 'n' && typeof value === 'number' ? 0 : undefined,
};

/** `TransportClosedError` quotes the end of the engine's stderr: log lines with their own times. */
export const stderrTail: ValueRule = {
  name: 'stderr-tail',
  loosens: true,
  reason: "the engine's log lines are chunked and timed freely",
  apply(value, { key, line }) {
    if (line.ch !== 'error' || key !== 'message' || typeof value !== 'string') return undefined;
    const out = value.replace(/(stderr_tail=)[\s\S]*$/, '$1<stderr>');
    return out === value ? undefined : out;
  },
};

const methodOf = (line: ObservationBody): string | undefined =>
  line.ch === 'wire.in' ? textAt(line.msg, 'method') : 'method' in line ? line.method : undefined;

/** `configWarning` about bubblewrap says whether a helper is installed on this machine. */
export const sandboxHelperNotice: LineRule = {
  name: 'sandbox-helper-notice',
  loosens: true,
  reason: 'whether bubblewrap is installed is a fact of the machine',
  apply(line) {
    if (line.ch !== 'wire.in' && line.ch !== 'event') return undefined;
    const message =
      line.ch === 'event' ? line : (line.msg as { method?: string; params?: { summary?: string } } | undefined);
    const summary =
      line.ch === 'event' ? line.payload?.summary : (message as { params?: { summary?: string } })?.params?.summary;
    return message?.method === 'configWarning' && String(summary).includes('bubblewrap') ? null : undefined;
  },
};

export const programPath: LineRule = {
  name: 'program-path',
  loosens: true,
  reason: 'where the engine stands on this machine; the arguments after it are compared',
  apply: (line) =>
    line.ch === 'argv' && line.argv?.length > 0 ? { ...line, argv: line.argv.with(0, '<engine>') } : undefined,
};

/**
 * Both clients make an engine without a version write its schema to a folder in the system's temp folder, which they
 * remove.
 */
export const schemaFolder: LineRule = {
  name: 'schema-folder',
  loosens: true,
  reason: 'a new temp folder for each question; that the engine is asked, and with which arguments, is compared',
  apply(line) {
    if (line.ch !== 'argv' || !line.argv?.includes('generate-json-schema')) return undefined;
    const at = line.argv.indexOf('--out') + 1;
    return at > 0 && at < line.argv.length ? { ...line, argv: line.argv.with(at, '<schemaFolder>') } : undefined;
  },
};

export const stderrIsEvidence: LineRule = {
  name: 'stderr-is-evidence',
  loosens: true,
  reason: "the engine's log lines are chunked and timed freely; they stay in the raw observation",
  // A run of `exec` writes little to it, line by line, and its client's errors quote it.
  apply: (line) => (line.ch === 'stderr' && line.run === undefined ? null : undefined),
};

/** `cellFaults` reads it. */
export const heldIsJudged: LineRule = {
  name: 'held-is-judged',
  reason:
    'what our clients hold in their own process has a number that each scenario demands; no other client tells it',
  apply: (line) => (line.ch === 'rest' && 'held' in line ? null : undefined),
};

/**
 * Closing is a race between end of input and SIGTERM inside the engine: 0, 143 and SIGTERM are the same outcome for a
 * client.
 */
export const exitAfterClose: LineRule = {
  name: 'exit-after-close',
  loosens: true,
  reason: 'an engine that was closed ends by its end of input or by SIGTERM, whichever it sees first',
  apply(line) {
    // A run of `exec` is not closed: it exits by itself or is killed.
    if (line.ch !== 'exit' || line.run !== undefined) return undefined;
    const closed = line.signal === 'SIGTERM' || (line.signal === null && (line.code === 0 || line.code === 143));
    return closed ? ({ ch: 'exit', code: '<closed>', signal: null } as unknown as typeof line) : undefined;
  },
};
