import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';

/** @returns {number} the machine's monotonic clock in nanoseconds */
export const now = () => Number(process.hrtime.bigint());

/**
 * Appends records to a JSONL file and writes through at once: what a client has seen is in the log, whichever process
 * is killed next.
 * @param {string} file absolute path
 */
export function openLog(file) {
  const fd = openSync(file, 'a');
  return {
    /** @param {object} record */
    write(record) {
      const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    },
    close: () => closeSync(fd),
  };
}

/**
 * Splits bytes into lines at `\n` only, and passes on each line once it is complete, with the timestamp of the chunk
 * that completed it. Chunks are joined once per line, so a line of any size takes linear time.
 * @param {(t: number, line: { text: string } | { base64: string }, partial: boolean) => void} onLine
 */
export function lineSplitter(onLine) {
  /** @type {Buffer[]} */
  let held = [];
  let heldAt = 0;
  const emit = (t, partial) => {
    const bytes = held.length === 1 ? held[0] : Buffer.concat(held);
    held = [];
    onLine(t, isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }, partial);
  };
  return {
    /** @param {Buffer} chunk */
    push(t, chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        held.push(chunk.subarray(from, at));
        emit(t, false);
        from = at + 1;
      }
      if (from < chunk.length) {
        held.push(chunk.subarray(from));
        heldAt = t;
      }
    },
    /** The last line may lack its newline; it is then partial. */
    end() {
      if (held.length > 0) emit(heldAt, true);
    },
  };
}
