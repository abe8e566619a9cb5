import { writeFileSync } from 'node:fs';
import type { JsonObject } from '../../exact-json.ts';
import { FakeError, unexpected } from '../../fake-error.ts';
import { controlAt, noControl } from '../../replay/control.ts';
import type { Exit } from '../../replay/player.ts';
import { FaultWriter } from '../../script/fault-writer.ts';
import { thisProcess } from '../../script/play-script.ts';
import { ScriptPlayer } from '../../script/script-player.ts';
import { readScript, type Step } from '../../script/steps.ts';
import { stdioChannel } from '../../wire/channel.ts';
import type { WireLog } from '../../wire/wire-log.ts';
import type { ExecRun } from '../side-run.ts';
import { execEvents } from './events.ts';
import { asExec, ExecConversation, readsLater } from './exec-conversation.ts';
import { endedBy, untilClientGone } from './exec-end.ts';
import { execInput, readPrompt } from './exec-input.ts';
import { checkEnvironment, checkFolder, type ExecCommand, parseExec, resumedId } from './parse-exec.ts';
import { replayExec } from './replay-exec.ts';

/**
 * Stands in for a run of `codex exec --json`, using a golden or a script.
 * @throws FakeError if the engine refuses the run (with its words and exit code), or a step is invalid
 */
export async function playExec(run: ExecRun): Promise<Exit> {
  const { options, start, log } = run;
  const { script, golden } = options;
  // What is asked for help is no run of the golden.
  if (run.argv.at(-1) !== '--help' && script === undefined && golden !== undefined) return replayExec(golden, run);
  const parts = readScript(script ?? []);
  const steps = asExec(parts[start] ?? { steps: [], auto: new Set(), deafToHandshake: true });
  const miss = (text: string, rest: JsonObject = {}) =>
    log.write('mark', { mark: 'script miss', detail: { text, ...rest } });
  try {
    const command = parseExec(run.argv, run.overrides, options.engineVersion);
    if ('text' in command) return await said(command.text);
    checkFolder(command);
    const quiet = readsLater(steps);
    const input = quiet ? {} : await heard(command, run);
    if (input === undefined) return endedBy(run.closing.reason?.signal ?? null);
    if (script === undefined) throw nothingToPlay(command);
    if (parts.length <= start) {
      const text = `the client starts the engine ${start + 1} times; the script does so ${parts.length} times`;
      miss(text);
      return await missed(text, log);
    }
    return await play(command, quiet ? undefined : input, steps, run);
  } catch (error) {
    const [first] = steps;
    const waits = first?.verb === 'expect' && !first.optional;
    if (error instanceof FakeError && error.asEngine && waits && parts.length > start)
      miss(`the engine refuses the run (${error.message}), but the script waits at step ${first.at} (expect exec)`);
    throw error;
  }
}

/** What was received, as `expect: exec` sees it. Undefined if a signal came before all of it. */
async function heard(command: ExecCommand, { argv, log, closing }: ExecRun): Promise<JsonObject | undefined> {
  const source = execInput(log);
  const read = await Promise.race([readPrompt(command, source), closing.begun]);
  if (read === undefined) return undefined;
  const schema = checkEnvironment(command);
  return { ...command.given, ...read, ...(schema !== undefined && { schema }), argv: [...argv] };
}

/** @param input undefined if a step starts reading it */
async function play(command: ExecCommand, input: JsonObject | undefined, steps: Step[], run: ExecRun): Promise<Exit> {
  const { options, start, log, closing } = run;
  const { paths, engineVersion, moment } = options;
  const conversation = new ExecConversation(execEvents(), {
    threadId: resumedId(command) ?? `01900000-0000-7000-8000-${String(start + 1).padStart(12, '0')}`,
    turnId: '',
    itemId: '',
    method: '',
    workspace: paths.workspace ?? '/',
    codexHome: paths.codexHome ?? '/',
    engineVersion,
    clientName: '',
    clientVersion: '',
    moment,
  });
  const writer = new FaultWriter(process.stdout, log);
  const misses: string[] = [];
  const player = new ScriptPlayer({
    script: { steps, auto: new Set(), deafToHandshake: true },
    speaker: {
      heard: (message) => conversation.heard(message),
      compose: (step, names) => conversation.compose(step, names),
      result: () => undefined,
    },
    writer,
    control: options.control === undefined ? noControl : controlAt(options.control),
    // A signal kills exec at once (0.171.0, measured).
    closing: {
      get reason() {
        return closing.reason;
      },
      begun: closing.begun,
      over: closing.begun.then(() => 'over' as const),
    },
    leaving: (signal) => (signal === null ? { code: conversation.failed ? 1 : 0, signal: null } : endedBy(signal)),
    process: { ...thisProcess(stdioChannel(), log), setReading: (on) => on && read() },
    onMiss({ text, ...rest }) {
      misses.push(text);
      log.write('mark', { mark: 'script miss', detail: { text, ...rest } });
    },
  });
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const hear = (params: JsonObject) => player.hear({ method: 'exec', params });
  const read = () => void heard(command, run).then((params) => params !== undefined && hear(params), fail);
  const gone = untilClientGone(closing);
  try {
    if (input !== undefined) hear(input);
    if (misses.length > 0) return await missed(misses.join('; '), log);
    const exit = await Promise.race([player.play(), failed]);
    await Promise.race([writer.write(Buffer.alloc(0), { wrong: false, chunks: [] }), closing.begun]);
    const { outputLastMessage } = command.given;
    if (typeof outputLastMessage === 'string') writeFileSync(outputLastMessage, conversation.lastMessage);
    return exit;
  } finally {
    gone.stop();
    writer.end();
  }
}

async function said(text: string): Promise<Exit> {
  await new Promise<void>((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
  return { code: 0, signal: null };
}

/** Exits at once, so that no client waits for something that will never come. */
async function missed(text: string, log: WireLog): Promise<Exit> {
  const line = `fake-codex-rs: script miss: ${text}\n`;
  log.write('stderr', { text: line });
  await new Promise<void>((resolve) => process.stderr.write(line, () => resolve()));
  return { code: 1, signal: null };
}

/** Without a script there is no thread either. */
function nothingToPlay(command: ExecCommand): FakeError {
  const id = resumedId(command);
  if (id === undefined)
    return unexpected('playing exec', '--replay-options FILE whose JSON has a script or a golden', 'neither');
  const text = `Error: thread/resume: thread/resume failed: no rollout found for thread id ${id} (code -32600)`;
  return new FakeError(text, { exitCode: 1, asEngine: true });
}
