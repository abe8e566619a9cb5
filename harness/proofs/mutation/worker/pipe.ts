import { Readable, Writable } from 'node:stream';

/** As much as a Linux pipe holds. */
const capacity = 65_536;

export interface Pipe {
  readonly input: Writable;
  readonly output: Readable;
  /** The reading end is closed: writing fails from now on, as on a broken pipe. */
  breakOff(): void;
  /** The writing end is closed: the reader reaches the end of what was written. */
  finish(): void;
}

/** A pipe within this process. `unbounded`: its writer never waits. */
export function pipe(unbounded = false): Pipe {
  let broken = false;
  let finished = false;
  let waiting: ((error?: Error) => void) | undefined;
  const go = (error?: Error) => {
    const then = waiting;
    waiting = undefined;
    then?.(error);
  };
  const epipe = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE', errno: -32, syscall: 'write' });
  const output = new Readable({
    highWaterMark: capacity,
    read: () => go(),
    destroy(error, done) {
      breakOff();
      done(error);
    },
  });
  const finish = () => {
    if (finished || broken) return;
    finished = true;
    output.push(null);
  };
  const input = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      if (broken) return done(epipe());
      if (finished) return done();
      const room = chunk.length === 0 || output.push(Buffer.from(chunk));
      if (room || unbounded) done();
      else waiting = done;
    },
    final(done) {
      finish();
      done();
    },
    destroy(error, done) {
      finish();
      done(error);
    },
  });
  function breakOff(): void {
    broken = true;
    go(epipe());
  }
  return { input, output, breakOff, finish };
}
