/** Kinds of frames (RFC 6455, 5.2). */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Why a connection is closed (RFC 6455, 7.4.1). */
export const closeCode = { protocolError: 1002, notUtf8: 1007, tooBig: 1009, tryAgainLater: 1013 } as const;

/** One frame as a server sends it: never masked, and of any length. */
export function frame(op: number, payload: Uint8Array, fin = true): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 2 ** 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | op;
  if (head.length === 2) head[1] = length;
  else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

/** A close frame; the reason is cut to what the frame can hold. */
export function closeFrame(code: number, reason: string): Buffer {
  const body = Buffer.alloc(2);
  body.writeUInt16BE(code);
  return frame(opcode.close, Buffer.concat([body, Buffer.from(reason).subarray(0, 123)]));
}

/** The client broke the WebSocket protocol. `message` is what it did; `code` is sent to it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
