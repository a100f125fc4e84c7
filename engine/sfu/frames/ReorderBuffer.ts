import type { Clock } from '../../kernel/index.ts';
import { Unwrapper } from './rtpPacket.ts';
import type { RtpPacket } from './rtpPacket.ts';

export interface ReorderBufferOptions {
  clock: Clock;
  /** How long the buffer waits for a missing packet: a few round trips, so that its retransmission can arrive. */
  maxWaitMs: number;
  maxPackets: number;
  onPacket(packet: RtpPacket): void;
  /** `count` packets before the next one were lost. */
  onLost(count: number): void;
}

/** A larger jump of the sequence is a restart of the sender and not a loss. */
const maxJump = 3000;

/**
 * Restores the order of packets. Holds all packets until `release`, because the capture time of the first ones is known
 * only later. Waits for the retransmission of missing packets, within bounds, and then declares them lost. Owns one timer
 * while packets are missing.
 */
export class ReorderBuffer {
  readonly #options: ReorderBufferOptions;
  readonly #waiting = new Map<number, RtpPacket>();
  readonly #sequence = new Unwrapper(16);
  #next: number | undefined;
  #cancelTimer: (() => void) | undefined;
  #isHolding = true;

  constructor(options: ReorderBufferOptions) {
    this.#options = options;
  }

  push(packet: RtpPacket): void {
    const sequence = this.#sequence.near(packet.sequence);
    this.#next ??= sequence;
    if (Math.abs(sequence - this.#next) > maxJump) this.#restartAt(sequence);
    if (sequence < this.#next) return;
    this.#sequence.unwrap(packet.sequence);
    this.#waiting.set(sequence, packet);
    if (!this.#isHolding) this.#advance();
  }

  release(): void {
    this.#isHolding = false;
    this.#advance();
  }

  /** Delivers all packets without waiting for missing ones. */
  flush(): void {
    this.#isHolding = false;
    this.#drain();
    while (this.#waiting.size > 0) this.#skipGap();
    this.#updateTimer();
  }

  #advance(): void {
    this.#drain();
    while (this.#waiting.size > this.#options.maxPackets) this.#skipGap();
    this.#updateTimer();
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#waiting.clear();
  }

  #drain(): void {
    for (;;) {
      if (this.#next === undefined) return;
      const packet = this.#waiting.get(this.#next);
      if (!packet) return;
      this.#waiting.delete(this.#next);
      this.#next += 1;
      this.#options.onPacket(packet);
    }
  }

  #updateTimer(): void {
    if (this.#waiting.size === 0) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
      return;
    }
    const gap = this.#next;
    this.#cancelTimer ??= this.#options.clock.after(this.#options.maxWaitMs, () => {
      this.#cancelTimer = undefined;
      // If the gap was filled meanwhile, the next gap gets its full time.
      if (this.#next === gap) this.#skipGap();
      this.#updateTimer();
    });
  }

  #skipGap(): void {
    if (this.#next === undefined || this.#waiting.size === 0) return;
    const first = Math.min(...this.#waiting.keys());
    const missing = first - this.#next;
    this.#next = first;
    if (missing > 0) this.#options.onLost(missing);
    this.#drain();
  }

  #restartAt(sequence: number): void {
    while (this.#waiting.size > 0) this.#skipGap();
    this.#options.onLost(Math.abs(sequence - (this.#next ?? sequence)));
    this.#next = sequence;
  }
}
