// @ts-check
import { BootstrapError } from './bootstrap-error.mjs';

/**
 * What npm's and pip's output means. The first that matches decides, so the cause stands before its consequences.
 * @type {{ pattern: RegExp, seen: string, wanted: string }[]}
 */
const meanings = [
  {
    pattern: /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/,
    seen: 'the disk is full',
    wanted: 'about 1.5 GB of free space',
  },
  {
    pattern: /EINTEGRITY|DO NOT MATCH THE HASHES|THESE PACKAGES DO NOT MATCH/i,
    seen: 'a downloaded package does not have the hash of the lock file',
    wanted: 'the package as it was locked (a proxy or mirror may have changed it)',
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Temporary failure in name resolution|Failed to establish a new connection|ProxyError|Connection (?:refused|reset|aborted)/,
    seen: 'the registry could not be reached',
    wanted: 'a reachable registry (the one configured on this machine is used)',
  },
  {
    pattern: /\bE40[13]\b|HTTP error 40[13]|40[13] (?:Client Error|Forbidden|Unauthorized)/,
    seen: 'the registry refused access',
    wanted: 'a registry configured with access',
  },
  {
    pattern: /CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)|SSLError/,
    seen: "the registry's certificate was not accepted",
    wanted: 'a trusted certificate (NODE_EXTRA_CA_CERTS for npm, PIP_CERT for pip)',
  },
  {
    pattern: /No matching distribution found|Could not find a version|\bE404\b|ETARGET/,
    seen: 'the registry has no build of a locked package for this platform',
    wanted: 'a platform and a Python version that the lock file covers',
  },
  {
    pattern: /EACCES|EPERM|EROFS|Permission denied|Read-only file system/,
    seen: 'a file could not be written',
    wanted: 'a folder that this user can write',
  },
];

/**
 * @param {string} action
 * @param {string} program
 * @param {{ code: number | null, signal: string | null, tail: string }} done
 * @param {string} logFile
 */
export function explainFailure(action, program, done, logFile) {
  const ending = done.signal === null ? `exit code ${done.code}` : done.signal;
  const meaning = meanings.find(({ pattern }) => pattern.test(done.tail));
  if (meaning !== undefined) {
    return new BootstrapError(
      action,
      `${meaning.seen} (${program}: ${ending}; its output: ${logFile})`,
      meaning.wanted,
    );
  }
  const last = done.tail.split('\n').findLast((line) => /error/i.test(line)) ?? done.tail.split('\n').at(-1) ?? '';
  return new BootstrapError(
    action,
    `${program} ended with ${ending}: ${last.trim()} (its output: ${logFile})`,
    'exit code 0',
  );
}
