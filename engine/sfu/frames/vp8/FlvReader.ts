/** A video tag of FLV (Adobe Flash Video File Format Specification 10.1, Annex E.4) with H.264 in it. */
export interface FlvVideoTag {
  timestampMs: number;
  isKeyframe: boolean;
  /** An AVCDecoderConfigurationRecord, or NAL units behind 4-byte lengths. */
  isHeader: boolean;
  data: Uint8Array;
}

const fileHeaderBytes = 13;
const tagHeaderBytes = 11;
const videoTag = 9;
const avcCodec = 7;

/** Reads FLV as ffmpeg writes it to a pipe, chunk by chunk, and gives its H.264. */
export class FlvReader {
  readonly #onTag: (tag: FlvVideoTag) => void;
  #pending: Buffer = Buffer.alloc(0);
  #isPastHeader = false;

  constructor(onTag: (tag: FlvVideoTag) => void) {
    this.#onTag = onTag;
  }

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    if (!this.#isPastHeader) {
      if (this.#pending.length < fileHeaderBytes) return;
      this.#pending = this.#pending.subarray(fileHeaderBytes);
      this.#isPastHeader = true;
    }
    for (;;) {
      if (this.#pending.length < tagHeaderBytes) return;
      // Behind every tag stands its size, in four bytes.
      const end = tagHeaderBytes + this.#pending.readUIntBE(1, 3);
      if (this.#pending.length < end + 4) return;
      this.#read(this.#pending.subarray(0, end));
      this.#pending = this.#pending.subarray(end + 4);
    }
  }

  #read(tag: Buffer): void {
    if (tag[0] !== videoTag || tag.length < tagHeaderBytes + 5) return;
    const kind = tag[tagHeaderBytes] ?? 0;
    const packetType = tag[tagHeaderBytes + 1];
    if ((kind & 0x0f) !== avcCodec || (packetType !== 0 && packetType !== 1)) return;
    this.#onTag({
      timestampMs: ((tag[7] ?? 0) << 24) | tag.readUIntBE(4, 3),
      isKeyframe: kind >> 4 === 1,
      isHeader: packetType === 0,
      data: Uint8Array.from(tag.subarray(tagHeaderBytes + 5)),
    });
  }
}
