/** Kinds of frames (RFC 6455, 5.2). */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Why a connection is closed (RFC 6455, 7.4.1). */
export const closeCode = { normal: 1000, protocolError: 1002, unsupported: 1003, notUtf8: 1007, tooBig: 1009 } as const;

/** Gives four bytes that nobody can foresee. */
export type MaskSource = () => Uint8Array;

/** One frame as a client sends it: masked, so that no proxy on the way takes its payload for a request. */
export function clientFrame(op: number, payload: Uint8Array, fin: boolean, mask: Uint8Array): Buffer {
  const { length } = payload;
  const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headLength + 4 + length);
  bytes[0] = (fin ? 0x80 : 0) | op;
  bytes[1] = 0x80 | (headLength === 2 ? length : headLength === 4 ? 126 : 127);
  if (headLength === 4) bytes.writeUInt16BE(length, 2);
  if (headLength === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
  bytes.set(mask, headLength);
  const start = headLength + 4;
  for (let at = 0; at < length; at += 1) bytes[start + at] = (payload[at] as number) ^ (mask[at & 3] as number);
  return bytes;
}

/** The longest fragment that a client sends, in bytes. The engine takes no frame above 16 MiB (0.171.0). */
const longestFragment = 8 * 1024 * 1024;

/** A text as the frames of one message. */
export function textFrames(text: string, mask: MaskSource): Buffer[] {
  const bytes = Buffer.from(text);
  const frames: Buffer[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += longestFragment) {
    const piece = bytes.subarray(from, from + longestFragment);
    const op = from === 0 ? opcode.text : opcode.continuation;
    frames.push(clientFrame(op, piece, from + longestFragment >= bytes.length, mask()));
  }
  return frames;
}

/** A close frame. */
export function closeFrame(code: number, mask: MaskSource): Buffer {
  return clientFrame(opcode.close, Buffer.from([code >> 8, code & 0xff]), true, mask());
}

/** The server broke the WebSocket protocol. `message` is what it did; `code` is sent to it. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
