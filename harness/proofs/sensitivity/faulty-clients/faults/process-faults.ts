import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Codex } from '../../../../../sdk/client/codex.ts';
import { TurnRouter } from '../../../../../sdk/rpc/turn-router.ts';
import { StdioTransport } from '../../../../../sdk/transport/stdio.ts';
import type { ClientAdapter } from '../../../../driver/ts/adapter.ts';
import type { Faults } from '../fault.ts';
import { patch } from '../patch.ts';

type Environment = Record<string, string>;

/** Does something more when a client is created. */
const atCreate = (adapter: ClientAdapter, work: (env: Environment) => void): ClientAdapter => ({
  ...adapter,
  create(options, answer) {
    work(options.env as Environment);
    return adapter.create(options, answer);
  },
});

const scenario = 'turns/plain-message';
const leftBehind = {
  verdict: 'mismatch',
  first: { kind: 'extra', lane: 'rest', path: 'rest:rest' },
  also: 'mark:left behind',
} as const;

/** Bugs in how programs and files are handled. */
export const processFaults = {
  'orphan-process': {
    says: "A helper with the engine's environment is left running",
    scenario,
    expected: leftBehind,
    apply: (adapter) =>
      atCreate(adapter, (env) => {
        spawn('sleep', ['600'], { env, stdio: 'ignore', detached: true }).unref();
      }),
  },
  'orphan-engine': {
    says: 'close() does nothing, and the client is kept: one that is dropped is closed by its finaliser',
    scenario,
    expected: leftBehind,
    apply: () => {
      const kept: unknown[] = [];
      patch(Codex.prototype, 'close', () => {
        return async function (this: Codex) {
          kept.push(this);
        };
      });
      return undefined;
    },
  },
  'engine-killed': {
    says: 'close() kills the engine in place of asking it to end',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'exit', path: 'exit:exit/code' } },
    apply: () => {
      patch(StdioTransport.prototype, 'close', (original) => {
        return function (this: StdioTransport) {
          if (this.pid !== undefined) process.kill(this.pid, 'SIGKILL');
          return original.call(this);
        };
      });
      return undefined;
    },
  },
  'second-engine': {
    says: 'A closed client starts its engine once more',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'extra', lane: 'argv', path: 'argv:argv' } },
    apply: (adapter) => ({
      ...adapter,
      async dispose(client) {
        await adapter.close(client);
        await adapter.connect(client);
        await adapter.close(client);
      },
    }),
  },
  'engines-overlap': {
    says: 'close() does not wait until the engine has ended, and the next call starts another one beside it',
    scenario: 'lives/closed-and-again',
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'lives', path: 'argv:argv/alive' } },
    apply: () => {
      patch(StdioTransport.prototype, 'close', (original) => {
        return async function (this: StdioTransport) {
          // Longer than it takes to start another one, also on a busy machine.
          void setTimeout(() => original.call(this), 4000);
        };
      });
      return undefined;
    },
  },
  'entry-left': {
    says: 'The log of a turn stays when its last reader is gone',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'extra', lane: 'cell', path: 'mark:held at the end' } },
    apply: () => {
      patch(TurnRouter.prototype, 'released', () => () => {});
      return undefined;
    },
  },
  'timer-left': {
    says: 'A timer stays when the client is closed',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'extra', lane: 'cell', path: 'mark:held by a closed client' } },
    apply: (adapter) => atCreate(adapter, () => void setTimeout(() => {}, 3_600_000).unref()),
  },
  'listener-left': {
    says: 'A listener of the process stays when the client is closed',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'extra', lane: 'cell', path: 'mark:held by a closed client' } },
    apply: (adapter) => atCreate(adapter, () => void process.on('exit', () => {})),
  },
  'temp-file': {
    says: 'A temporary file is left behind',
    scenario,
    expected: leftBehind,
    apply: (adapter) => atCreate(adapter, (env) => writeFileSync(path.join(String(env.TMPDIR), 'left'), '')),
  },
  'wrong-arguments': {
    says: 'The engine is not told on which channel to listen',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'argv', path: 'argv:argv/argv/2' } },
    apply: (adapter) => ({
      ...adapter,
      create: (options, answer) =>
        adapter.create({ ...options, launch_args_override: [String(options.codex_bin), 'app-server'] }, answer),
    }),
  },
  'leaked-environment': {
    says: "The engine gets a variable of the host's in place of its own",
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'env', path: 'env:env/env/TERM' } },
    apply: (adapter) => atCreate(adapter, (env) => Object.assign(env, { TERM: 'xterm-256color' })),
  },
} satisfies Faults;
