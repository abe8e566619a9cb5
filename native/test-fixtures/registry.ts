import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineBuilds, EngineLock } from '../engine-lock.mjs';
import { type PlatformKey, platformKeys } from '../platform.mjs';
import { tarball } from './tarball.ts';

const sha = (name: string, data: Buffer | string) => createHash(name).update(data);
export const target = (key: string) => `${key}-target`;
const binaryOf = (key: string) => (key.startsWith('win32') ? 'bin/codex.exe' : 'bin/codex');
export const binaryText = (version: string, key: string) => `codex ${version} for ${key}`;

/** The tarball of one platform's package, as the engine is published. */
export const enginePackage = (version: string, key: string) =>
  tarball([
    { name: 'package/package.json', content: JSON.stringify({ name: '@openai/codex', version: `${version}-${key}` }) },
    { name: `package/vendor/${target(key)}/codex-package.json`, content: '{}' },
    { name: `package/vendor/${target(key)}/${binaryOf(key)}`, content: binaryText(version, key) },
  ]);

/** What the lock says of such an engine. */
export function lockedBuilds(version: string, platforms: readonly PlatformKey[] = platformKeys): EngineBuilds {
  return Object.fromEntries(
    platforms.map((key) => [
      key,
      {
        npm: `@openai/codex@${version}-${key}`,
        npmIntegrity: `sha512-${sha('sha512', enginePackage(version, key)).digest('base64')}`,
        target: target(key),
        binary: binaryOf(key),
        sha256: sha('sha256', binaryText(version, key)).digest('hex'),
      },
    ]),
  );
}

/** A lock of these engines, the first of which is the pin. */
export const lockOf = ([pin = '', ...others]: string[], platforms?: readonly PlatformKey[]): EngineLock => ({
  pin,
  officialPair: pin,
  engines: Object.fromEntries([pin, ...others].map((version) => [version, lockedBuilds(version, platforms)])),
});

/** An npm registry on loopback that has these versions of the engine. */
export class Registry {
  /** The tarballs that were asked for, by name. */
  readonly downloads: string[] = [];
  /** What is sent in place of a tarball, by `VERSION-PLATFORM`; its integrity stays what it was. */
  readonly instead = new Map<string, Buffer>();
  /** Packages that are published otherwise than the lock has them, by `VERSION-PLATFORM`. */
  readonly published = new Map<string, Buffer>();
  /** While set, tarballs wait for it. */
  hold: Promise<void> | undefined;
  readonly #asked: ((name: string) => void)[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  readonly #versions: readonly string[];

  constructor(versions: readonly string[]) {
    this.#versions = versions;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The name of the next tarball that is asked for. */
  nextDownload(): Promise<string> {
    return new Promise((resolve) => this.#asked.push(resolve));
  }

  #tarball = (name: string): Buffer => {
    const [, version = '', key = ''] = /^(\d+\.\d+\.\d+)-(.*)$/.exec(name) ?? [];
    return this.published.get(name) ?? enginePackage(version, key);
  };

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = /\/codex-(.*)\.tgz$/.exec(request.url ?? '')?.[1];
    if (file !== undefined) {
      this.downloads.push(file);
      this.#asked.shift()?.(file);
      await this.hold;
      response.end(this.instead.get(file) ?? this.#tarball(file));
    } else if (/^\/@openai(?:%2f|\/)codex$/i.test(request.url ?? '')) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(this.#packument()));
    } else response.writeHead(404).end('{}');
  }

  #packument(): object {
    const entry = (version: string, tarball: Buffer, more: object) => ({
      name: '@openai/codex',
      version,
      dist: {
        integrity: `sha512-${sha('sha512', tarball).digest('base64')}`,
        shasum: sha('sha1', tarball).digest('hex'),
        tarball: `${this.url}/@openai/codex/-/codex-${version}.tgz`,
      },
      ...more,
    });
    const versions: Record<string, object> = {};
    for (const version of this.#versions) {
      versions[version] = entry(version, tarball([]), {
        optionalDependencies: Object.fromEntries(
          platformKeys.map((key) => [`@openai/codex-${key}`, `npm:@openai/codex@${version}-${key}`]),
        ),
      });
      for (const key of platformKeys)
        versions[`${version}-${key}`] = entry(`${version}-${key}`, this.#tarball(`${version}-${key}`), {});
    }
    return { name: '@openai/codex', 'dist-tags': { latest: this.#versions.at(-1) }, versions };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
