import type { BuiltArguments } from '../ts/adapter.ts';
import { DriverFailure } from '../ts/failures.ts';
import type { ExecCodex } from './exec-module.ts';

type Login = (options: BuiltArguments) => Promise<number>;

/**
 * A device login as a scenario sees it. With `on_output` it is a stream of `output` events and the `ended` event, so
 * that a step can wait until the user has been told something; otherwise its exit code with what the SDK printed.
 */
export function deviceLogin(codex: ExecCodex, { on_output, ...options }: BuiltArguments): unknown {
  const login: Login = (given) => {
    if (codex.loginWithDeviceCode === undefined) throw new DriverFailure('this exec SDK has no login by a device code');
    return codex.loginWithDeviceCode(given);
  };
  return on_output === true ? streamed(login, options) : printed(login, options);
}

async function printed(login: Login, options: BuiltArguments): Promise<{ code: number; printed: string }> {
  const { write } = process.stdout;
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    const code = await login(options);
    return { code, printed: text };
  } finally {
    process.stdout.write = write;
  }
}

async function* streamed(login: Login, options: BuiltArguments): AsyncGenerator<object, void, undefined> {
  const texts: string[] = [];
  let wake = () => {};
  const onOutput = (text: string) => {
    texts.push(text);
    wake();
  };
  let over = false;
  const ended = login({ ...options, onOutput }).finally(() => {
    over = true;
    wake();
  });
  ended.catch(() => {});
  for (;;) {
    const text = texts.shift();
    if (text !== undefined) yield { type: 'output', text };
    else if (over) break;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  yield { type: 'ended', code: await ended };
}
