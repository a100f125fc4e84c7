/** A tag of an FLV file. `body` is parsed by `readVideoTag` or `readAudioTag`. */
export interface FlvTag {
  kind: 'video' | 'audio' | 'other';
  /** Decode time. Unsigned 32 bits, so it wraps after 49.7 days. */
  timestampMs: number;
  body: Buffer;
}

// Sizes in bytes: Adobe Flash Video File Format 10.1, §E.2 to §E.4.1.
/** The header and PreviousTagSize0. */
const fileHeaderBytes = 13;
const tagHeaderBytes = 11;
/** PreviousTagSize, after each tag. */
const trailerBytes = 4;
/** Larger than any frame of Lectern's encoders; a larger size means damaged bytes. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Splits an FLV file that arrives in chunks into its tags. */
export class FlvReader {
  readonly #onTag: (tag: FlvTag) => void;
  #chunks: Buffer[] = [];
  #length = 0;
  #neededBytes = fileHeaderBytes;
  #isPastHeader = false;

  constructor(onTag: (tag: FlvTag) => void) {
    this.#onTag = onTag;
  }

  /** Calls `onTag` for each tag that is complete. @throws RangeError when a tag is larger than 8 MiB */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#neededBytes) return;
    let rest = Buffer.concat(this.#chunks, this.#length);
    while (rest.length >= this.#neededBytes) {
      const readBytes = this.#isPastHeader ? this.#readTag(rest) : fileHeaderBytes;
      this.#isPastHeader = true;
      rest = rest.subarray(readBytes);
      if (readBytes > 0) this.#neededBytes = tagHeaderBytes;
    }
    this.#chunks = [rest];
    this.#length = rest.length;
  }

  /** Returns the size of the tag; 0 when it is not complete. */
  #readTag(bytes: Buffer): number {
    const bodyBytes = bytes.readUIntBE(1, 3);
    if (bodyBytes > maxBodyBytes) throw new RangeError('an FLV tag is too large');
    const total = tagHeaderBytes + bodyBytes + trailerBytes;
    this.#neededBytes = total;
    if (bytes.length < total) return 0;
    const kind = bytes[0] === 9 ? 'video' : bytes[0] === 8 ? 'audio' : 'other';
    const timestampMs = bytes.readUIntBE(4, 3) + (bytes[7] ?? 0) * 0x100_0000;
    this.#onTag({ kind, timestampMs, body: bytes.subarray(tagHeaderBytes, tagHeaderBytes + bodyBytes) });
    return total;
  }
}
