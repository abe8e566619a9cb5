import { FakeError } from '../../fake-error.ts';

/** Where an app-server listens. `path` is undefined for `unix://`: the engine's own place below its home. */
export type ListenTarget =
  | { kind: 'stdio' }
  | { kind: 'off' }
  | { kind: 'ws'; host: string; port: number }
  | { kind: 'unix'; path: string | undefined };

/**
 * Parses the value of `--listen`.
 * @throws FakeError (exit 2) in the engine's words
 */
export function parseListenUrl(url: string): ListenTarget {
  if (url === 'stdio://') return { kind: 'stdio' };
  if (url === 'off') return { kind: 'off' };
  if (url.startsWith('unix://')) return { kind: 'unix', path: url.slice('unix://'.length) || undefined };
  if (!url.startsWith('ws://')) {
    throw invalid(
      url,
      `unsupported --listen URL \`${url}\`; expected \`stdio://\`, \`unix://\`, \`unix://PATH\`, \`ws://IP:PORT\`, or \`off\``,
    );
  }
  const address = /^(?:\[([\da-f:.]+)\]|([\d.]+)):(\d{1,5})$/i.exec(url.slice('ws://'.length));
  const [, v6, v4, port] = address ?? [];
  const isAddress = v6 === undefined ? isV4(v4 ?? '') : URL.canParse(`http://[${v6}]`);
  if (!isAddress || Number(port) > 65535) {
    throw invalid(url, `invalid websocket --listen URL \`${url}\`; expected \`ws://IP:PORT\``);
  }
  return { kind: 'ws', host: v6 ?? v4 ?? '', port: Number(port) };
}

/** An address and port, as written in a URL. */
export const hostAndPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Whether only this machine can reach the address: 127.0.0.0/8 and ::1. */
export const isLoopback = (host: string): boolean =>
  host.includes(':') ? new URL(`http://[${host}]`).hostname === '[::1]' : host.startsWith('127.');

function isV4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

const invalid = (url: string, reason: string): FakeError =>
  new FakeError(
    `error: invalid value '${url}' for '--listen <URL>': ${reason}\n\nFor more information, try '--help'.`,
    {
      asEngine: true,
    },
  );
