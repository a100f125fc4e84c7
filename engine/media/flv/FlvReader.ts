export interface FlvTag {
  kind: 'video' | 'audio' | 'other';
  timestampMs: number;
  body: Buffer;
}

const fileHeaderBytes = 13;
const tagHeaderBytes = 11;
const trailerBytes = 4;
/** No encoder of ours comes near it. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Cuts an FLV file that arrives in pieces into its tags. */
export class FlvReader {
  readonly #onTag: (tag: FlvTag) => void;
  #pieces: Buffer[] = [];
  #length = 0;
  #wanted = fileHeaderBytes;
  #isPastHeader = false;

  constructor(onTag: (tag: FlvTag) => void) {
    this.#onTag = onTag;
  }

  /** @throws RangeError when a tag is larger than any can be */
  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#wanted) return;
    let rest = Buffer.concat(this.#pieces, this.#length);
    while (rest.length >= this.#wanted) {
      const step = this.#isPastHeader ? this.#readTag(rest) : fileHeaderBytes;
      this.#isPastHeader = true;
      rest = rest.subarray(step);
      if (step > 0) this.#wanted = tagHeaderBytes;
    }
    this.#pieces = [rest];
    this.#length = rest.length;
  }

  /** The bytes that were used; 0 when the tag is not whole yet. */
  #readTag(bytes: Buffer): number {
    const bodyBytes = bytes.readUIntBE(1, 3);
    if (bodyBytes > maxBodyBytes) throw new RangeError('an FLV tag is too large');
    const total = tagHeaderBytes + bodyBytes + trailerBytes;
    this.#wanted = total;
    if (bytes.length < total) return 0;
    const kind = bytes[0] === 9 ? 'video' : bytes[0] === 8 ? 'audio' : 'other';
    const timestampMs = bytes.readUIntBE(4, 3) + (bytes[7] ?? 0) * 0x100_0000;
    this.#onTag({ kind, timestampMs, body: bytes.subarray(tagHeaderBytes, tagHeaderBytes + bodyBytes) });
    return total;
  }
}
