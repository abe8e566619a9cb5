const blockSize = 65_536;

/**
 * Bytes in order of arrival, copied into blocks of one size. Kept as the pieces they arrived in, a line written byte by
 * byte would take a hundred times its length.
 */
export class ByteBlocks {
  readonly #blocks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const used = this.#length % blockSize;
      if (this.#length === this.#blocks.length * blockSize) this.#blocks.push(Buffer.allocUnsafeSlow(blockSize));
      const piece = bytes.subarray(from, from + blockSize - used);
      this.#blocks.at(-1)?.set(piece, used);
      this.#length += piece.length;
      from += piece.length;
    }
  }

  /** The bytes, in order. Do not change them, and read them before the next `push()`. */
  pieces(): Buffer[] {
    return this.#blocks.map((block, index) => block.subarray(0, this.#length - index * blockSize));
  }

  /** All bytes in one piece, followed by `last`. */
  concat(last: Uint8Array): Buffer {
    return Buffer.concat([...this.pieces(), last]);
  }

  /** Drops the oldest blocks as long as `least` bytes remain. */
  keepLast(least: number): void {
    while (this.#length - blockSize >= least) {
      this.#blocks.shift();
      this.#length -= blockSize;
    }
  }

  /** Drops everything. */
  clear(): void {
    // One block is kept for what comes next, because most chunks end in the middle of a line.
    this.#blocks.length = Math.min(this.#blocks.length, 1);
    this.#length = 0;
  }
}
