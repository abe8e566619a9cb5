import { clientRequestMethods, protocolVersions, type RequestTraits } from '../protocol/index.ts';
import { saysOtherWriter } from '../rpc/engine-words.ts';
import { version as own } from '../version.ts';

/**
 * PEP 440 as Python's `packaging` reads it: epoch, release, pre-release, post-release, development release, local part.
 */
const pattern = new RegExp(
  [
    String.raw`^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)`,
    String.raw`(?<pre>[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?`,
    String.raw`(?<post>-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?`,
    String.raw`(?<dev>[-_.]?dev[-_.]?\d*)?`,
    String.raw`(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\s*$`,
  ].join(''),
  'i',
);

/**
 * The version of an engine as the checks read it: the first word of what the engine reports, because the real one
 * appends its operating system.
 */
export function runtimeVersion(reported: string | undefined): string | undefined {
  return /^\s*(\S{1,200})(?!\S)/.exec(reported ?? '')?.[1];
}

/** The version that an engine reports when it was built from a checkout. */
export const unversioned = '0.0.0';

/**
 * Whether a version is before, at or after a release (-1, 0, 1). Not semver: `0.152.0-dev` is after 0.151.0, a
 * pre-release of 0.151.0 itself is before it. Undefined if it is no version.
 */
export function compareVersion(version: string | undefined, release: string): number | undefined {
  // PEP 440 spells a hotfix of an alpha as a post-release.
  const spelled = (version ?? '').replace(/-alpha\.(\d+)\.(\d+)$/, 'a$1.post$2');
  const parts = pattern.exec(spelled)?.groups;
  if (!parts?.release) return undefined;
  if (Number(parts.epoch ?? 0) > 0) return 1;
  const [has, of] = [parts.release, release].map((numbers) => numbers.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(has.length, of.length); at += 1) {
    const difference = (has[at] ?? 0) - (of[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  if (parts.pre || (parts.dev && parts.post === undefined)) return -1;
  return parts.post === undefined ? 0 : 1;
}

const otherWriter =
  'Another engine process has this thread open. Close the client that opened it, or use that client; ' +
  "to work beside it, fork the thread. See docs/failures.md, 'One writer per thread'.";

/**
 * What the error of a refused request says, where the engine's own text does not tell what to do: which engines have the
 * method, or that the client has not asked for the experimental API. Undefined for any other refusal, and for a method
 * that this engine should have.
 * @param refusal the engine's code and text: it uses one code for every refusal, but names the method or the field
 */
export function explainRefusal(
  method: string,
  { code, text }: { code: number; text: string },
  reported: string | undefined,
): string | undefined {
  if (code === -32600 && text.endsWith('requires experimentalApi capability'))
    return `${text}. Set CodexConfig.experimentalApi to true.`;
  if (saysOtherWriter(text)) return `${text}. ${otherWriter}`;
  if (code !== -32601 && !(code === -32600 && text.includes(`\`${method}\``))) return undefined;
  const methods: Readonly<Record<string, RequestTraits>> = clientRequestMethods;
  const { since, until } = (Object.hasOwn(methods, method) ? methods[method] : undefined) ?? {};
  const running = runtimeVersion(reported);
  const lacks = `codex ${running} has no ${method}`;
  if (since !== undefined && compareVersion(running, since) === -1)
    return `${lacks}: it came with ${since}. Use that engine or a newer one.`;
  if (until !== undefined && compareVersion(running, until) === 1)
    return `${lacks}: it was removed after ${until}. Use that engine or an older one.`;
  return undefined;
}

/** Of the warning about an engine that this SDK is not proven on: `--disable-warning=…` silences it. */
const warningCode = 'TWINPROOF_ENGINE_VERSION';

/** The engines that a warning has named, of all copies of this package: the bundles of one program have a copy each. */
function warnedOf(): Set<string> {
  const key = Symbol.for('twinproof.warnedEngines');
  const holder = globalThis as { [key]?: Set<string> };
  holder[key] ??= new Set();
  return holder[key];
}

/**
 * Warns, once per process and version, of an engine outside the range that this SDK is proven on. Nothing is said of a
 * build without a version, or of a stand-in whose version is not of three numbers.
 */
export function warnIfUnproven(reported: string | undefined): void {
  const running = runtimeVersion(reported) ?? '';
  const [first, last] = [protocolVersions[0], protocolVersions.at(-1)];
  if (!/^\d+\.\d+\.\d/.test(running) || running === unversioned || first === undefined || last === undefined) return;
  if (compareVersion(running, first) !== -1 && compareVersion(running, last) !== 1) return;
  const warned = warnedOf();
  if (warned.has(running)) return;
  warned.add(running);
  process.emitWarning(
    `the engine is codex ${running}, but twinproof ${own} is proven with ${first} to ${last}. Install an engine of that range, ` +
      `or silence this with NODE_OPTIONS=--disable-warning=${warningCode}.`,
    { type: 'TwinproofWarning', code: warningCode },
  );
}
