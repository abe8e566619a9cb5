// @ts-check

/**
 * What npm's and pip's output means. The first match decides, so a cause comes before its consequences.
 * @type {{ pattern: RegExp, expected: string, got: string }[]}
 */
const meanings = [
  {
    pattern: /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/,
    expected: 'about 1.5 GB of free space',
    got: 'a full disk',
  },
  {
    pattern: /EINTEGRITY|DO NOT MATCH THE HASHES|THESE PACKAGES DO NOT MATCH/i,
    expected: 'packages as they were locked (a proxy or mirror may have changed one)',
    got: 'a package with another hash',
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Temporary failure in name resolution|Failed to establish a new connection|ProxyError|Connection (?:refused|reset|aborted)/,
    expected: 'a reachable registry (the one configured on this machine is used)',
    got: 'no connection to it',
  },
  {
    pattern: /\bE40[13]\b|HTTP error 40[13]|40[13] (?:Client Error|Forbidden|Unauthorized)/,
    expected: 'a registry configured with access',
    got: 'a refusal',
  },
  {
    pattern: /CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)|SSLError/,
    expected: 'a registry with a trusted certificate (NODE_EXTRA_CA_CERTS for npm, PIP_CERT for pip)',
    got: 'one that was not accepted',
  },
  {
    pattern: /No matching distribution found|Could not find a version|\bE404\b|ETARGET/,
    expected: 'a platform and a Python version that the lock file covers',
    got: 'a registry without a build of a locked package for this one',
  },
  {
    pattern: /EACCES|EPERM|EROFS|Permission denied|Read-only file system/,
    expected: 'a folder that this user can write',
    got: 'a refusal to write a file',
  },
];

/**
 * Why npm or pip failed, in the words of `expectedGot()`.
 * @param {string} program
 * @param {{ code: number | null, signal: string | null, tail: string }} done
 * @param {string} logFile
 * @returns {{ expected: string, got: string }}
 */
export function explainFailure(program, done, logFile) {
  const ending = done.signal === null ? `exit code ${done.code}` : done.signal;
  const meaning = meanings.find(({ pattern }) => pattern.test(done.tail));
  if (meaning !== undefined)
    return { expected: meaning.expected, got: `${meaning.got} (${program}: ${ending}; its output: ${logFile})` };
  const last = done.tail.split('\n').findLast((line) => /error/i.test(line)) ?? done.tail.split('\n').at(-1) ?? '';
  return {
    expected: `${program} to end with exit code 0`,
    got: `${ending}: ${last.trim()} (its output: ${logFile})`,
  };
}
