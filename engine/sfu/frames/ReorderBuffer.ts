import type { Clock } from '../../kernel/index.ts';
import { Unwrapper } from './rtpPacket.ts';
import type { RtpPacket } from './rtpPacket.ts';

export interface ReorderBufferOptions {
  clock: Clock;
  /** How long a missing packet is waited for: a few round trips, so that its retransmission can come. */
  maxWaitMs: number;
  maxPackets: number;
  onPacket(packet: RtpPacket): void;
  /** So many packets before the next one never came. */
  onLost(count: number): void;
}

/** A jump of the sequence beyond this is a new start, not a loss. */
const maxJump = 3000;

/**
 * Puts packets back into order. Holds everything until `release`, so that the first packets can wait for what is known
 * about them a little later. Retransmissions arrive late, so a hole is waited for, within bounds; then it is declared
 * lost. Owns one timer while there is a hole.
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
    if (Math.abs(sequence - this.#next) > maxJump) this.#startAnewAt(sequence);
    if (sequence < this.#next) return;
    this.#sequence.unwrap(packet.sequence);
    this.#waiting.set(sequence, packet);
    if (!this.#isHolding) this.#advance();
  }

  release(): void {
    this.#isHolding = false;
    this.#advance();
  }

  /** Hands over all there is: what is missing now is not waited for. */
  flush(): void {
    this.#isHolding = false;
    this.#drain();
    while (this.#waiting.size > 0) this.#giveUp();
    this.#watch();
  }

  #advance(): void {
    this.#drain();
    while (this.#waiting.size > this.#options.maxPackets) this.#giveUp();
    this.#watch();
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

  #watch(): void {
    if (this.#waiting.size === 0) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
      return;
    }
    const hole = this.#next;
    this.#cancelTimer ??= this.#options.clock.after(this.#options.maxWaitMs, () => {
      this.#cancelTimer = undefined;
      // A hole that was filled meanwhile and another one behind it: that one gets its own time.
      if (this.#next === hole) this.#giveUp();
      this.#watch();
    });
  }

  #giveUp(): void {
    if (this.#next === undefined || this.#waiting.size === 0) return;
    const first = Math.min(...this.#waiting.keys());
    const missing = first - this.#next;
    this.#next = first;
    if (missing > 0) this.#options.onLost(missing);
    this.#drain();
  }

  #startAnewAt(sequence: number): void {
    while (this.#waiting.size > 0) this.#giveUp();
    this.#options.onLost(Math.abs(sequence - (this.#next ?? sequence)));
    this.#next = sequence;
  }
}
