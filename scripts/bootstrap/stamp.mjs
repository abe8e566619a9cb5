// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A stamp is a small JSON file that says what an installation was made from. It is written last, beside and then renamed,
 * so an interrupted installation never has one.
 * @param {string} file
 * @returns {Record<string, unknown> | undefined} undefined when there is none or it is not readable as JSON
 */
export function readStamp(file) {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {Record<string, unknown>} value
 */
export function writeStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, `${JSON.stringify(value)}\n`);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {string | undefined} hex SHA-256, undefined when the file cannot be read
 */
export function hashFile(file) {
  try {
    // A checkout on Windows may turn line ends into CRLF: the same lock must have the same hash everywhere.
    return createHash('sha256').update(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).digest('hex');
  } catch {
    return undefined;
  }
}
