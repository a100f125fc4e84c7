import { concat, nalTypeOf } from '../../media/index.ts';
import type { RtpPacket } from './rtpPacket.ts';
import { maxFrameBytes } from '../limits.ts';

/** The NAL units of one access unit, without start codes or lengths. */
export interface TimedNalUnits {
  timestamp: number;
  nalUnits: Uint8Array[];
}

/** RFC 6184 §5.2. */
const stapA = 24;
const fuA = 28;

/**
 * Assembles access units from RTP payloads of H.264 (RFC 6184, packetization-mode 1). Packets must be in order; after a
 * loss, `reset` drops the incomplete access unit. Invalid payloads are dropped.
 */
export class H264Depacketizer {
  readonly #onUnit: (unit: TimedNalUnits) => void;
  #timestamp: number | undefined;
  #nalUnits: Uint8Array[] = [];
  #fragments: Uint8Array[] = [];
  #bytes = 0;

  constructor(onUnit: (unit: TimedNalUnits) => void) {
    this.#onUnit = onUnit;
  }

  push(packet: RtpPacket): void {
    if (this.#timestamp !== undefined && this.#timestamp !== packet.timestamp) this.#finish();
    this.#timestamp = packet.timestamp;
    this.#bytes += packet.payload.length;
    if (this.#bytes > maxFrameBytes) return this.reset();
    this.#addPayload(packet.payload);
    if (packet.marker) this.#finish();
  }

  reset(): void {
    this.#timestamp = undefined;
    this.#nalUnits = [];
    this.#fragments = [];
    this.#bytes = 0;
  }

  #addPayload(payload: Uint8Array): void {
    const type = nalTypeOf(payload);
    if (type >= 1 && type <= 23) this.#nalUnits.push(payload);
    else if (type === stapA) this.#addAggregate(payload);
    else if (type === fuA) this.#addFragment(payload);
  }

  /** RFC 6184 §5.7.1: a header byte, then units, each after its size in 16 bits. */
  #addAggregate(payload: Uint8Array): void {
    for (let at = 1; at + 2 < payload.length; ) {
      const size = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
      const end = at + 2 + size;
      if (size === 0 || end > payload.length) return;
      this.#nalUnits.push(payload.subarray(at + 2, end));
      at = end;
    }
  }

  /** RFC 6184 §5.8: the header byte of the unit is split between the FU indicator and the FU header. */
  #addFragment(payload: Uint8Array): void {
    const [indicator, header] = payload;
    if (indicator === undefined || header === undefined) return;
    const isStart = (header & 0x80) !== 0;
    const isEnd = (header & 0x40) !== 0;
    if (isStart) this.#fragments = [Uint8Array.of((indicator & 0xe0) | (header & 0x1f))];
    if (this.#fragments.length === 0) return;
    this.#fragments.push(payload.subarray(2));
    if (!isEnd) return;
    this.#nalUnits.push(concat(this.#fragments));
    this.#fragments = [];
  }

  #finish(): void {
    const nalUnits = this.#nalUnits;
    const timestamp = this.#timestamp;
    this.reset();
    if (timestamp !== undefined && nalUnits.length > 0) this.#onUnit({ timestamp, nalUnits });
  }
}
