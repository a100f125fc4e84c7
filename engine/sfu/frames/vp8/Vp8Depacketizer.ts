import { concat } from '../../../media/index.ts';
import type { RtpPacket } from '../rtpPacket.ts';
import { maxFrameBytes } from '../../limits.ts';

export interface Vp8Frame {
  timestamp: number;
  data: Uint8Array;
  /** The size of the video, in a keyframe only (RFC 6386 §9.1). */
  size: { widthPx: number; heightPx: number } | undefined;
}

/** Assembles frames from RTP payloads of VP8 (RFC 7741). Packets must be in order; after a loss, `reset` drops the incomplete frame. */
export class Vp8Depacketizer {
  readonly #onFrame: (frame: Vp8Frame) => void;
  #timestamp: number | undefined;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(onFrame: (frame: Vp8Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(packet: RtpPacket): void {
    if (this.#timestamp !== undefined && this.#timestamp !== packet.timestamp) this.#finish();
    this.#timestamp = packet.timestamp;
    const body = withoutDescriptor(packet.payload);
    if (body === undefined || (this.#parts.length === 0 && !body.isStart)) return;
    this.#bytes += body.data.length;
    if (this.#bytes > maxFrameBytes) return this.reset();
    this.#parts.push(body.data);
    if (packet.marker) this.#finish();
  }

  reset(): void {
    this.#timestamp = undefined;
    this.#parts = [];
    this.#bytes = 0;
  }

  #finish(): void {
    const timestamp = this.#timestamp;
    const data = concat(this.#parts);
    this.reset();
    if (timestamp !== undefined && data.length > 0) this.#onFrame({ timestamp, data, size: keyframeSize(data) });
  }
}

/** RFC 7741 §4.2. */
function withoutDescriptor(payload: Uint8Array): { data: Uint8Array; isStart: boolean } | undefined {
  const first = payload[0] ?? 0;
  let at = 1;
  if (first & 0x80) {
    const extensions = payload[1] ?? 0;
    at = 2;
    if (extensions & 0x80) at += (payload[at] ?? 0) & 0x80 ? 2 : 1; // picture id
    if (extensions & 0x40) at += 1; // TL0PICIDX
    if (extensions & 0x30) at += 1; // TID, KEYIDX
  }
  if (at >= payload.length) return undefined;
  const isStart = (first & 0x10) !== 0 && (first & 0x07) === 0;
  return { data: payload.subarray(at), isStart };
}

/** RFC 6386 §9.1: in a keyframe the first bit is clear, and a start code and 14 bits each of width and height follow. */
function keyframeSize(frame: Uint8Array): Vp8Frame['size'] {
  const [tag, , , a, b, c, w0, w1, h0, h1] = frame;
  if (tag === undefined || (tag & 1) !== 0 || h1 === undefined) return undefined;
  if (a !== 0x9d || b !== 0x01 || c !== 0x2a) return undefined;
  const widthPx = ((w0 ?? 0) | ((w1 ?? 0) << 8)) & 0x3fff;
  const heightPx = ((h0 ?? 0) | (h1 << 8)) & 0x3fff;
  return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : undefined;
}
