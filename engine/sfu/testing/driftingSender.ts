import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { ManualClock } from '../../testing/index.ts';
import { RtpTimeline } from '../frames/RtpTimeline.ts';

interface DriftingTrackOptions {
  /** Of the server's clock. */
  startMs: number;
  clockRateHz: number;
  packetMs: number;
  /** By how much the timestamps run faster than the server's clock. */
  ppm: number;
}

/** The errors of the times that the timeline gave to packets, against their capture times. */
interface SecondPlayed {
  lastMs: number;
  largestStepMs: number;
}

const networkMs = 15;
const jitterMs = 25;

/** A track whose packets are captured at even intervals of the server's clock, with timestamps of another clock. */
export class DriftingTrack {
  readonly timeline: RtpTimeline;
  readonly #options: DriftingTrackOptions;
  #sent = 0;
  #lastErrorMs: number | undefined;

  constructor(options: DriftingTrackOptions) {
    this.#options = options;
    this.timeline = new RtpTimeline(options.clockRateHz);
  }

  timestampAt(second: number): number {
    const { clockRateHz, ppm } = this.#options;
    return (77_000 + Math.round(second * (1 + ppm / 1e6) * clockRateHz)) % 2 ** 32;
  }

  /** Plays the packets of one second and advances the clock. */
  playSecond(second: number, clock: ManualClock, random: () => number): SecondPlayed {
    const { startMs } = this.#options;
    let largestStepMs = 0;
    for (; (this.#sent * this.#options.packetMs) / 1000 < second + 1; this.#sent += 1) {
      const atMs = this.#sent * this.#options.packetMs;
      const arrivesMs = startMs + atMs + networkMs + random() * jitterMs;
      clock.advance(Math.max(0, arrivesMs - clock.nowMs()));
      const timestamp = this.timestampAt(atMs / 1000);
      this.timeline.arrived(timestamp, arrivesMs * 1000);
      const errorMs = this.timeline.timeOf(timestamp) / 1000 - (startMs + atMs);
      largestStepMs = Math.max(largestStepMs, Math.abs(errorMs - (this.#lastErrorMs ?? errorMs)));
      this.#lastErrorMs = errorMs;
    }
    return { lastMs: this.#lastErrorMs ?? NaN, largestStepMs };
  }
}

const ntpToUnixSeconds = 2_208_988_800;

/** Producers that emit sender reports as mediasoup does. */
export function fakeProducer() {
  const emitters = new Map<DriftingTrack, EventEmitter>();
  return {
    producer(track: DriftingTrack): types.Producer {
      const emitter = Object.assign(new EventEmitter(), { enableTraceEvent: async () => undefined });
      emitters.set(track, emitter);
      return emitter as unknown as types.Producer;
    },
    /** Emits a sender report: `timestamp` was captured at `senderMs` of the sender's clock, ms since the Unix epoch. */
    report(track: DriftingTrack, timestamp: number, senderMs: number): void {
      const ntp = senderMs / 1000 + ntpToUnixSeconds;
      const info = { ntpSec: Math.floor(ntp), ntpFrac: Math.floor((ntp % 1) * 2 ** 32), rtpTs: timestamp };
      emitters.get(track)?.emit('trace', { type: 'sr', info });
    },
  };
}

/** A deterministic random number generator, from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
