// @ts-check
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const heartbeatMs = 5_000;
/**
 * After this long without a heartbeat, the owner is gone, or it runs in a container whose process ids mean nothing
 * here.
 */
const silentMs = 120_000;
const pollMs = 100;

/**
 * Holds `file` while `work` runs, so that two set-ups never write the same folders. A lock left by a dead process is taken over.
 * @template T
 * @param {string} file
 * @param {{ onWait?: (ownerPid: number) => void, signal?: AbortSignal }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLockFile(file, options, work) {
  mkdirSync(dirname(file), { recursive: true });
  const token = randomUUID();
  const body = JSON.stringify({ token, pid: process.pid, host: hostname() });
  let told = false;
  while (!tryCreate(file, body)) {
    options.signal?.throwIfAborted();
    const owner = readOwner(file);
    if (owner === undefined) continue;
    if (isGone(file, owner)) {
      if (takeOver(file, body, owner.token)) break;
    } else if (!told) {
      told = true;
      options.onWait?.(owner.pid);
    }
    await delay(pollMs);
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (readOwner(file)?.token === token) rmSync(file, { force: true });
  }
}

/** @param {string} file @param {string} body */
function tryCreate(file, body) {
  try {
    writeFileSync(file, body, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    rmSync(file, { force: true }); // A full disk leaves it created and empty.
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {{ token: string, pid: number, host: string } | undefined} undefined if it has been released meanwhile
 */
function readOwner(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { token, pid, host } = JSON.parse(text);
    if (typeof token === 'string' && Number.isInteger(pid) && typeof host === 'string') return { token, pid, host };
  } catch {
    // Created but not written yet, or its owner died in between: only the heartbeat can tell.
  }
  return { token: 'unwritten', pid: 0, host: '' };
}

/** @param {string} file @param {{ pid: number, host: string }} owner */
function isGone(file, owner) {
  if (owner.host === hostname() && !isAlive(owner.pid)) return true;
  try {
    return Date.now() - statSync(file).mtimeMs > silentMs;
  } catch {
    return false;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * If several processes see the same dead owner, the one that creates the file named after that owner's token may
 * replace its lock. It checks again afterwards: a later process finds another token and leaves it alone.
 * @param {string} file @param {string} body @param {string} deadToken
 */
function takeOver(file, body, deadToken) {
  const claim = `${file}.${deadToken}`;
  if (!tryCreate(claim, body)) {
    const claimant = readOwner(claim);
    if (claimant !== undefined && isGone(claim, claimant)) rmSync(claim, { force: true });
    return false;
  }
  if (readOwner(file)?.token !== deadToken) {
    rmSync(claim, { force: true });
    return false;
  }
  renameSync(claim, file);
  return true;
}

/** @param {string} file */
function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Somebody removed it by hand: the work continues, and a new owner may come.
  }
}
