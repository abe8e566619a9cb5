import { describe, expect, test } from 'vitest';
import type { ClientId } from '../../clients/clients.ts';
import type { ObservationHeader, ObservedError } from '../../observation/types.ts';
import { errorIdiom, settingNames } from './error-idioms.ts';

/** The error as it is compared. */
function compared(client: ClientId, error: ObservedError): ObservedError {
  const header = { client } as ObservationHeader;
  const line = errorIdiom.apply({ ch: 'error', lane: 'main', op: 't.run', error }, { header });
  return line?.ch === 'error' ? line.error : error;
}

const said = (name: string, message: string, ...causes: string[]): ObservedError => ({
  class: name,
  message,
  ...(causes.length > 0 && { causes }),
});
const exited = 'Codex Exec exited with code 2: boom\n';

describe('exec', () => {
  test.each([
    ['CodexExecError', exited],
    ['CodexExecError', 'Codex Exec exited with signal SIGKILL: '],
    ['EventParseError', 'Failed to parse item: {'],
    ['TypeError', 'outputSchema must be a plain JSON object'],
    ['TypeError', 'Codex config override at a cannot be null'],
  ])('the official SDK has one class for all: %s is told by "%s"', (name, message) => {
    expect(compared('ts-official', said('Error', message))).toEqual(said(name, message));
  });

  test('what the text does not tell stays an Error, and other classes stay what they are', () => {
    for (const error of [said('Error', 'spawn /nope ENOENT'), said('Error', 'no more'), said('TypeError', exited)])
      expect(compared('ts-official', error)).toEqual(error);
  });

  test('a client that has the classes and throws another, a plain Error too, shows', () => {
    for (const client of ['ts-exec', 'python-exec'] as const)
      for (const name of ['Error', 'ThreadRunError', 'EventParseError', 'CodexExecError~'])
        expect(compared(client, said(name, exited))).not.toEqual(compared('ts-official', said('Error', exited)));
  });

  test("Python's number of a signal is its name; another number is another signal, and 2 is no signal", () => {
    const python = (status: number) =>
      compared('python-exec', said('CodexExecError', `Codex Exec exited with code ${status}: x`));
    expect(python(-9)).toEqual(said('CodexExecError', 'Codex Exec exited with signal SIGKILL: x'));
    expect(python(-15).message).toBe('Codex Exec exited with signal SIGTERM: x');
    expect(python(2).message).toBe('Codex Exec exited with code 2: x');
    expect(python(-999).message).toBe('Codex Exec exited with signal 999: x');
  });

  test('pydantic refuses the schema in words of its own; of another option it is another refusal', () => {
    const refused = (option: string) =>
      said(
        'ValidationError',
        `1 validation error for TurnOptions\n${option}\n  Input should be a valid dictionary [type=dict_type, input_value=5, input_type=int]`,
      );
    expect(compared('python-exec', refused('output_schema'))).toEqual(
      said('TypeError', 'outputSchema must be a plain JSON object'),
    );
    expect(compared('python-exec', refused('signal'))).toEqual(refused('signal'));
    expect(compared('ts-exec', refused('output_schema'))).toEqual(refused('output_schema'));
  });

  test("the parser's own error is the cause, in either language", () => {
    expect(compared('python-exec', said('EventParseError', 'm', 'JSONDecodeError'))).toEqual(
      said('EventParseError', 'm', 'SyntaxError'),
    );
    const other = said('EventParseError', 'm', 'ValueError');
    expect(compared('python-exec', other)).toEqual(other);
  });
});

describe('app-server', () => {
  test('our classes that answer to an exception of another name have it, with their words and causes', () => {
    const text = 'Codex process ended with exit code 3. Its last words: a\nb';
    expect(compared('ts', said('EngineExitError', text, 'SyntaxError', 'Error'))).toEqual(
      said('TransportClosedError', 'Codex process closed stdout. stderr_tail=<stderr>', 'JSONDecodeError', 'Error'),
    );
    for (const ofLibrary of ['RequestError', 'AI_APICallError'])
      expect(compared('ts', said(ofLibrary, text))).toEqual(
        said(ofLibrary, 'Codex process closed stdout. stderr_tail=<stderr>'),
      );
    expect(compared('ts', said('EngineExitError', 'm'))).toEqual(said('EngineExitError', 'm'));
    expect(compared('ts', said('TurnFailedError', 'm'))).toEqual(said('RuntimeError', 'm'));
    expect(compared('python', said('TurnFailedError', 'm'))).toEqual(said('TurnFailedError', 'm'));
  });

  test("an abort is asyncio's cancellation where it says what was aborted, for the signal's own reason", () => {
    const aborted = 'reading the events of turn turn-1 was aborted';
    // Of a run, whichever of its waits the abort met.
    for (const text of [aborted, 'turn/start was aborted', 'starting a goal was aborted'])
      expect(compared('ts', said('AbortError', text, 'AbortError'))).toEqual(said('CancelledError', ''));
    for (const error of [
      said('AbortError', aborted),
      said('AbortError', aborted, 'AbortError', 'Error'),
      said('AbortError', 'stopped', 'AbortError'),
      said('CodexError', aborted, 'AbortError'),
    ])
      expect(compared('ts', error)).toEqual(error);
  });
});

function comparedText(client: ClientId, message: string): string {
  const line = { ch: 'error', lane: 'main', op: 't.run', error: { class: 'CodexError', message } } as const;
  const read = settingNames.apply(line, { header: { client } as ObservationHeader });
  return read?.ch === 'error' ? read.error.message : message;
}

test("Python's settings are compared by the names that they have in ours", () => {
  const message = 'Configure CodexConfig.codex_bin; see CodexConfig.cwd.';
  for (const client of ['python', 'python-async'] as const)
    expect(comparedText(client, message)).toBe('Configure CodexConfig.codexBin; see CodexConfig.cwd.');
});

test('other texts are left as they are, and so is a name that a user of ours would not find', () => {
  expect(comparedText('python', 'codex_bin is wrong')).toBe('codex_bin is wrong');
  expect(comparedText('ts', 'Configure CodexConfig.codex_bin.')).toBe('Configure CodexConfig.codex_bin.');
});

test('an error that was tampered with is no error of the rule', () => {
  const header = { client: 'python' } as ObservationHeader;
  for (const error of [undefined, { class: 'CodexError' }]) {
    const line = { ch: 'error', lane: 'main', op: 't.run', error } as never;
    expect(settingNames.apply(line, { header })).toBeUndefined();
  }
});
