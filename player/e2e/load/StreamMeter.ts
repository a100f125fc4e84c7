/** A packet that is further behind the stream's own pace is late. */
export const lateAfterMs = 100;
/** The first packets of a measurement define the pace. */
const paceMs = 1000;

export interface StreamCount {
  packets: number;
  bytes: number;
  lost: number;
  late: number;
  /** Of the packet that was furthest behind. */
  worstDelayMs: number;
}

/** Measures one RTP stream by its headers: missing sequence numbers, and delays behind its own pace. */
export class StreamMeter {
  readonly #ticksPerMs: number;
  #highest = -1;
  #lastTimestamp = 0;
  #elapsedTicks = 0;
  #startedAtMs: number | undefined;
  #first = 0;
  #leastDelayMs = Infinity;
  #received = 0;
  #bytes = 0;
  #late = 0;
  #worstDelayMs = 0;

  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1000;
  }

  /** The highest sequence number, extended over wraps (RFC 3550 §6.4.1); -1 before the first packet. */
  get highest(): number {
    return this.#highest;
  }

  /** Starts a measurement of a stream that flows. */
  mark(nowMs: number): void {
    this.#startedAtMs = nowMs;
    this.#leastDelayMs = Infinity;
    this.#first = this.#highest + 1;
    this.#received = this.#bytes = this.#late = this.#worstDelayMs = 0;
  }

  /** Returns the missing sequence numbers right before this packet, for a NACK. */
  receive(packet: Buffer, atMs: number): { missingFrom: number; missingCount: number } | undefined {
    const sequence = this.#unwrap(packet.readUInt16BE(2));
    const expected = this.#highest + 1;
    this.#highest = Math.max(this.#highest, sequence);
    const timestamp = packet.readUInt32BE(4);
    this.#elapsedTicks += (timestamp - this.#lastTimestamp) | 0;
    this.#lastTimestamp = timestamp;
    if (sequence >= this.#first) this.#count(packet.length, atMs);
    return sequence > expected && expected > 0 ? { missingFrom: expected, missingCount: sequence - expected } : undefined;
  }

  count(): StreamCount {
    const expected = this.#highest + 1 - this.#first;
    return { packets: this.#received, bytes: this.#bytes, lost: Math.max(0, expected - this.#received), late: this.#late, worstDelayMs: this.#worstDelayMs };
  }

  #count(bytes: number, atMs: number): void {
    this.#received += 1;
    this.#bytes += bytes;
    const delayMs = atMs - this.#elapsedTicks / this.#ticksPerMs;
    if (delayMs < this.#leastDelayMs) this.#leastDelayMs = delayMs;
    const isPaced = this.#startedAtMs !== undefined && atMs - this.#startedAtMs > paceMs;
    if (!isPaced) return;
    const behindMs = delayMs - this.#leastDelayMs;
    if (behindMs > lateAfterMs) this.#late += 1;
    if (behindMs > this.#worstDelayMs) this.#worstDelayMs = behindMs;
  }

  #unwrap(sequence: number): number {
    if (this.#highest < 0) return sequence;
    const ahead = ((sequence - (this.#highest & 0xffff)) << 16) >> 16;
    return this.#highest + ahead;
  }
}
