import { showCallers } from '../errors/callers-line.ts';
import { CodexError } from '../errors/codex-error.ts';
import { literal } from '../errors/python-text.ts';
import { hiddenState } from '../objects/hidden-state.ts';
import { checkOptions } from '../options/check-options.ts';
import type {
  AccountLoginCompletedNotification,
  CancelLoginAccountResponse,
  JsonObject,
  LoginAccountParams,
} from '../protocol/index.ts';
import { type CallOptions, callRules, type Limits, signalRules } from '../rpc/limits.ts';
import type { Requester } from './requester.ts';
import type { Session } from './session.ts';

const state = hiddenState<{ requester: Requester; session: Session }>('LoginHandle');

/** A login that waits for the user (Python: the login handles). */
class LoginHandle {
  readonly loginId: string;

  constructor(requester: Requester, session: Session, loginId: string) {
    state.set(this, { requester, session });
    this.loginId = loginId;
  }

  /**
   * Waits until this attempt has succeeded, failed or been cancelled; `success` in the result tells which. You may call
   * it again: the outcome is kept.
   * @throws TransportClosedError if the connection is gone, before or during the call
   * @throws AbortError if `signal` fires; the attempt continues
   */
  async wait(options: { signal?: AbortSignal | undefined } = {}): Promise<AccountLoginCompletedNotification> {
    checkOptions('LoginHandle.wait', options, signalRules);
    const payload = await state.of(this).session.logins.wait(this.loginId, options.signal);
    return payload as unknown as AccountLoginCompletedNotification;
  }

  /** Cancels this attempt (`account/login/cancel`). A second call returns the status `notFound`. */
  async cancel(options: CallOptions = {}): Promise<CancelLoginAccountResponse> {
    checkOptions('LoginHandle.cancel', options, callRules);
    return await state.of(this).requester.request('account/login/cancel', { loginId: this.loginId }, options);
  }
}

showCallers(LoginHandle.prototype);

/**
 * A login in the user's browser (Python: `ChatgptLoginHandle`).
 * ```ts no-run: waits for a person at a browser
 * import { Codex } from 'twinproof';
 *
 * await using codex = new Codex();
 * const login = await codex.loginChatgpt();
 * console.log(`Open ${login.authUrl}`);
 * const { success, error } = await login.wait();
 * ```
 */
export class ChatgptLoginHandle extends LoginHandle {
  /** URL for the user to open. */
  readonly authUrl: string;

  constructor(requester: Requester, session: Session, loginId: string, authUrl: string) {
    super(requester, session, loginId);
    this.authUrl = authUrl;
  }
}

/** A login with a code that the user enters elsewhere (Python: `DeviceCodeLoginHandle`). */
export class DeviceCodeLoginHandle extends LoginHandle {
  /** URL for the user to open on any device. */
  readonly verificationUrl: string;
  /** Code for the user to enter there. */
  readonly userCode: string;

  constructor(requester: Requester, session: Session, loginId: string, verificationUrl: string, userCode: string) {
    super(requester, session, loginId);
    this.verificationUrl = verificationUrl;
    this.userCode = userCode;
  }
}

/** Starts a login in the browser. @throws CodexError if the engine answers with another kind of login */
export async function startChatgptLogin(
  requester: Requester,
  session: Session,
  options: Limits,
): Promise<ChatgptLoginHandle> {
  const { loginId, authUrl } = await start(session, 'ChatGPT', 'chatgpt', ['loginId', 'authUrl'], options);
  return new ChatgptLoginHandle(requester, session, loginId, authUrl);
}

/** Starts a login with a device code. @throws CodexError if the engine answers with another kind of login */
export async function startDeviceCodeLogin(
  requester: Requester,
  session: Session,
  options: Limits,
): Promise<DeviceCodeLoginHandle> {
  const fields = ['loginId', 'verificationUrl', 'userCode'] as const;
  const answer = await start(session, 'device-code', 'chatgptDeviceCode', fields, options);
  return new DeviceCodeLoginHandle(requester, session, answer.loginId, answer.verificationUrl, answer.userCode);
}

async function start<F extends string>(
  session: Session,
  name: string,
  type: 'chatgpt' | 'chatgptDeviceCode',
  fields: readonly F[],
  options: Limits,
): Promise<Record<F, string>> {
  const params: LoginAccountParams = { type };
  const answer: JsonObject = await session.connection.request('account/login/start', params, options);
  const texts = fields.map((field) => [field, answer[field]] as const);
  if (answer.type !== type || texts.some(([, value]) => typeof value !== 'string')) {
    const details = { kind: 'protocol', action: 'account/login/start' } as const;
    throw new CodexError(`unexpected ${name} login response: ${literal(answer)}`, details);
  }
  return Object.fromEntries(texts) as Record<F, string>;
}
