import type { TrackKind } from '#engine/contract';
import type { Clock } from '#engine/kernel';

const anchorWindowMs = 1000;
/** Chat and slides beside the picture are as good with it; below it the durations that were sent stay as they are. */
const tolerableLatenessMs = 150;
/** How much of the passing time a late anchor may be drawn in by: frame durations stay within 2 % of what was sent. */
const slewRate = 0.02;
const jumpForwardMs = 5000;
const jumpBackMs = 1000;
const honestGapMs = 2000;
const sharedEpochMs = 3000;

/** A run of timestamps without a jump: server time is the timestamp plus the offset. */
interface Epoch {
  offsetMs: number;
  bestOffsetMs: number;
  anchoredAtMs: number;
  lastRawMs: number;
  isDrawnIn: boolean;
}

interface TrackTime {
  rawMs: number;
  lastUs: number;
  epoch: Epoch;
}

/**
 * Turns the encoder's timestamps (32 bits of milliseconds that wrap and may jump) into microseconds of the server's
 * clock, strictly rising within a track. Anchored where packets of the first second came with the least delay.
 */
export class TimeMap {
  readonly #clock: Clock;
  readonly #tracks = new Map<TrackKind, TrackTime>();
  #epoch: Epoch | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  decodeTimeUs(kind: TrackKind, timestampMs: number): number {
    const nowMs = this.#clock.nowMs();
    const known = this.#tracks.get(kind);
    const rawMs = nearest(timestampMs, known?.rawMs ?? this.#epoch?.lastRawMs ?? timestampMs);
    const epoch = this.#epochFor(known, rawMs, nowMs);
    this.#anchor(epoch, rawMs, nowMs);
    const lastUs = Math.max(Math.round((rawMs + epoch.offsetMs) * 1000), (known?.lastUs ?? 0) + 1);
    this.#tracks.set(kind, { rawMs, lastUs, epoch });
    return lastUs;
  }

  #epochFor(known: TrackTime | undefined, rawMs: number, nowMs: number): Epoch {
    const current = this.#epoch;
    if (current === undefined) return this.#newEpoch(rawMs, nowMs);
    if (known === undefined) return strayMs(current, rawMs, nowMs) <= sharedEpochMs ? current : this.#newEpoch(rawMs, nowMs);
    const stepMs = rawMs - known.rawMs;
    if (stepMs <= jumpForwardMs && stepMs >= -jumpBackMs) return known.epoch;
    if (strayMs(known.epoch, rawMs, nowMs) <= honestGapMs) return known.epoch;
    // The other track has jumped already: both stay on one offset, and so in sync.
    if (known.epoch !== current && strayMs(current, rawMs, nowMs) <= sharedEpochMs) return current;
    return this.#newEpoch(rawMs, nowMs);
  }

  #newEpoch(rawMs: number, nowMs: number): Epoch {
    const latestUs = Math.max(0, ...[...this.#tracks.values()].map((track) => track.lastUs));
    const offsetMs = Math.max(nowMs, latestUs / 1000 + 1) - rawMs;
    this.#epoch = { offsetMs, bestOffsetMs: offsetMs, anchoredAtMs: nowMs, lastRawMs: rawMs, isDrawnIn: false };
    return this.#epoch;
  }

  #anchor(epoch: Epoch, rawMs: number, nowMs: number): void {
    if (nowMs - epoch.anchoredAtMs <= anchorWindowMs) epoch.bestOffsetMs = Math.min(epoch.bestOffsetMs, nowMs - rawMs);
    const passedMs = Math.max(0, rawMs - epoch.lastRawMs);
    if (epoch.offsetMs - epoch.bestOffsetMs > tolerableLatenessMs) epoch.isDrawnIn = true;
    if (epoch.isDrawnIn) epoch.offsetMs = Math.max(epoch.bestOffsetMs, epoch.offsetMs - passedMs * slewRate);
    epoch.lastRawMs = Math.max(epoch.lastRawMs, rawMs);
  }
}

/** The time nearest to `referenceMs` whose low 32 bits are the timestamp. */
function nearest(timestampMs: number, referenceMs: number): number {
  return referenceMs + ((timestampMs - (referenceMs % 2 ** 32)) | 0);
}

/** How far from now the epoch would put a timestamp. */
function strayMs(epoch: Epoch, rawMs: number, nowMs: number): number {
  return Math.abs(rawMs + epoch.offsetMs - nowMs);
}
