/** The fields of an RTP packet (RFC 3550 §5.1) that a depacketizer reads. */
export interface RtpPacket {
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** The last packet of a video frame. */
  marker: boolean;
  payload: Uint8Array;
}

const fixedHeaderBytes = 12;

/** undefined for bytes that are not RTP. */
export function parseRtpPacket(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < fixedHeaderBytes || (bytes[0] ?? 0) >> 6 !== 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  let start = fixedHeaderBytes + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (start + 4 > bytes.length) return undefined;
    start += 4 + 4 * view.getUint16(start + 2);
  }
  const end = bytes.length - (first & 0x20 ? view.getUint8(bytes.length - 1) : 0);
  if (start > end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  };
}

/** Continues a counter of `bits` bits over its wraps: chooses the value nearest to the last one. */
export class Unwrapper {
  readonly #range: number;
  #last: number | undefined;

  constructor(bits: 16 | 32) {
    this.#range = 2 ** bits;
  }

  unwrap(value: number): number {
    const unwrapped = this.near(value);
    this.#last = unwrapped;
    return unwrapped;
  }

  /** The same without changing the last value. */
  near(value: number): number {
    if (this.#last === undefined) return value;
    const half = this.#range / 2;
    const distance = (((value - this.#last) % this.#range) + this.#range + half) % this.#range;
    return this.#last + distance - half;
  }
}
