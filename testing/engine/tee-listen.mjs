// The tee of an engine that listens: a socket in front of the engine's own, which passes on every byte unmodified. Each connection is logged as a start of the engine of its own, as the fake does.
import { existsSync, renameSync, rmSync, watch } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { now } from './tee-log.mjs';

/** The engine's own socket for that of its clients. @param {string} path */
export const behind = (path) => `${path}.engine`;

/**
 * Listens in the engine's place as soon as the engine does.
 * @param {string} path where clients connect
 * @param {{ write(record: object): void }} log
 * @param {number | null} pid of the engine
 * @param {() => void} again logs another start
 */
export function serveInFront(path, log, pid, again) {
  const server = front(() => connect(behind(path)), log, pid, again);
  const watcher = watch(dirname(path), () => look());
  const look = () => {
    if (!existsSync(behind(path))) return;
    watcher.close();
    // Whoever sees it can connect: it gets its name when it listens.
    server.listen(`${path}.tee`, () => renameSync(`${path}.tee`, path));
  };
  look();
  return () => {
    watcher.close();
    server.close();
    rmSync(path, { force: true });
  };
}

/**
 * Listens in the engine's place on a port of its own once the engine says where it listens, and says its own.
 * @param {import('node:stream').Readable} stderr of the engine
 * @param {{ write(record: object): void }} log
 * @param {number | null} pid of the engine
 * @param {() => void} again logs another start
 */
export function servePortInFront(stderr, log, pid, again) {
  let port = '';
  const server = front(() => connect(Number(port), '127.0.0.1'), log, pid, again);
  let held = '';
  const own = () => {
    const text = held.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${server.address()?.port}`);
    held = '';
    return text;
  };
  const said = new Transform({
    transform(chunk, _, done) {
      held += chunk;
      if (server.listening) return done(null, own());
      [, port] = /listening on: ws:\/\/127\.0\.0\.1:(\d+)\n/.exec(held) ?? ['', ''];
      if (port === '') return done();
      server.listen(0, '127.0.0.1', () => done(null, own()));
    },
    flush: (done) => done(null, server.listening ? '' : held),
  });
  return { stderr: stderr.pipe(said), stop: () => server.close() };
}

/** @param {() => import('node:net').Socket} reach */
function front(reach, log, pid, again) {
  let count = 0;
  return createServer((client) => {
    if (count > 0) {
      log.write({ t: now(), ch: 'exit', pid, code: 0, signal: null });
      again();
    }
    count += 1;
    const engine = reach();
    pass(client, engine, messages('out', log, pid));
    pass(engine, client, messages('in', log, pid));
  });
}

/**
 * @param {import('node:net').Socket} from
 * @param {import('node:net').Socket} to
 * @param {(t: number, chunk: Buffer) => void} hear
 */
function pass(from, to, hear) {
  from.on('data', (chunk) => {
    hear(now(), chunk);
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.on('error', () => to.destroy()).on('close', () => to.destroy());
  from.on('end', () => to.end());
}

/**
 * Logs the text messages of one direction, after the head of HTTP.
 * @param {'out' | 'in'} ch
 */
function messages(ch, log, pid) {
  let held = Buffer.alloc(0);
  let open = false;
  /** @type {Buffer[]} */
  let parts = [];
  return (/** @type {number} */ t, /** @type {Buffer} */ chunk) => {
    held = Buffer.concat([held, chunk]);
    if (!open) {
      const end = held.indexOf('\r\n\r\n');
      if (end < 0) return;
      open = true;
      held = held.subarray(end + 4);
    }
    for (;;) {
      const short = (held[1] ?? 0) & 0x7f;
      const masked = ((held[1] ?? 0) & 0x80) !== 0;
      const size = short === 126 ? 2 : short === 127 ? 8 : 0;
      const start = 2 + size + (masked ? 4 : 0);
      if (held.length < start) return;
      const length = size === 0 ? short : size === 2 ? held.readUInt16BE(2) : Number(held.readBigUInt64BE(2));
      if (held.length < start + length) return;
      const payload = Buffer.from(held.subarray(start, start + length));
      if (masked) for (let at = 0; at < length; at += 1) payload[at] ^= held[start - 4 + (at & 3)] ?? 0;
      const [first = 0] = held;
      held = held.subarray(start + length);
      // Control frames are no messages.
      if ((first & 0x0f) > 2) continue;
      parts.push(payload);
      if ((first & 0x80) === 0) continue;
      log.write({ t, ch, pid, text: Buffer.concat(parts).toString('utf8') });
      parts = [];
    }
  };
}
