import type { TrackKind } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { ClockDrift } from './ClockDrift.ts';

const anchorWindowMs = 1000;
/** A smaller lateness is not corrected: chat and slides beside the video are as good with it, and frame durations stay as sent. */
const tolerableLatenessMs = 150;
/** A late anchor is corrected at this rate, so that frame durations stay within 2 % of the sent ones. */
const slewRate = 0.02;
/** The drift of the encoder's clock is followed at this rate, five times that of two bad crystals. */
const driftRate = 0.0005;
const jumpForwardMs = 5000;
const jumpBackMs = 1000;
const maxPauseErrorMs = 2000;
const sharedEpochMs = 3000;
/** Frames of one track are at least this far apart. ffmpeg reads them from FLV, whose timestamps are whole milliseconds. */
const leastStepUs = 1000;
/** As many frames with one timestamp, over as long a time, are no burst: the encoder's timestamps stand still. */
const standingFrames = 5;
const standingForMs = 300;

/** Timestamps without a jump. The server time is the timestamp plus the offset. */
interface Epoch {
  offsetMs: number;
  bestOffsetMs: number;
  anchoredAtMs: number;
  lastRawMs: number;
  isCorrected: boolean;
  drift: ClockDrift;
  /** The part of the drift that is in the offset. */
  followedMs: number;
}

interface TrackTime {
  rawMs: number;
  lastUs: number;
  epoch: Epoch;
  /** When the timestamp changed last, and the frames since then. */
  changedAtMs: number;
  unchangedFrames: number;
  isStanding: boolean;
}

/**
 * Maps the timestamps of an encoder (milliseconds in 32 bits, which wrap and may jump) to microseconds of the server's clock,
 * at least a millisecond apart within a track. The least delayed packet of the first second is the anchor. Both tracks have
 * one offset, which slowly follows the clock of the encoder. While the timestamps of a track stand still, its frames have the
 * time of their arrival.
 */
export class TimeMap {
  readonly #clock: Clock;
  readonly #tracks: Partial<Record<TrackKind, TrackTime>> = {};
  /** The time of the latest frame of any track. */
  #latestUs = 0;
  #epoch: Epoch | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How far the latest frame is ahead of the clock, ms. Negative when it is late. */
  get aheadMs(): number {
    return this.#latestUs / 1000 - this.#clock.nowMs();
  }

  /** The timestamps of a track stand still. */
  get isStanding(): boolean {
    return this.#tracks.video?.isStanding === true || this.#tracks.audio?.isStanding === true;
  }

  decodeTimeUs(kind: TrackKind, timestampMs: number): number {
    const nowMs = this.#clock.nowMs();
    const known = this.#tracks[kind];
    const rawMs = nearest(timestampMs, known?.rawMs ?? this.#epoch?.lastRawMs ?? timestampMs);
    const progress = progressOf(known, rawMs, nowMs);
    // What was sent while the timestamps stood still says nothing about those that follow.
    const epoch = known?.isStanding && !progress.isStanding ? this.#newEpoch(rawMs, nowMs) : this.#epochFor(known, rawMs, nowMs);
    if (!progress.isStanding) this.#anchor(epoch, rawMs, nowMs);
    const timeMs = progress.isStanding ? nowMs : rawMs + epoch.offsetMs;
    const lastUs = Math.max(Math.round(timeMs * 1000), (known?.lastUs ?? 0) + leastStepUs);
    this.#tracks[kind] = { rawMs, lastUs, epoch, ...progress };
    this.#latestUs = Math.max(this.#latestUs, lastUs);
    return lastUs;
  }

  #epochFor(known: TrackTime | undefined, rawMs: number, nowMs: number): Epoch {
    const current = this.#epoch;
    if (current === undefined) return this.#newEpoch(rawMs, nowMs);
    if (known === undefined) return distanceMs(current, rawMs, nowMs) <= sharedEpochMs ? current : this.#newEpoch(rawMs, nowMs);
    const stepMs = rawMs - known.rawMs;
    if (stepMs <= jumpForwardMs && stepMs >= -jumpBackMs) return known.epoch;
    if (distanceMs(known.epoch, rawMs, nowMs) <= maxPauseErrorMs) return known.epoch;
    // The other track has jumped already. Both tracks use one offset, so they stay in sync.
    if (known.epoch !== current && distanceMs(current, rawMs, nowMs) <= sharedEpochMs) return current;
    return this.#newEpoch(rawMs, nowMs);
  }

  #newEpoch(rawMs: number, nowMs: number): Epoch {
    const offsetMs = Math.max(nowMs, this.#latestUs / 1000 + 1) - rawMs;
    this.#epoch = { offsetMs, bestOffsetMs: offsetMs, anchoredAtMs: nowMs, lastRawMs: rawMs, isCorrected: false, drift: new ClockDrift(), followedMs: 0 };
    return this.#epoch;
  }

  #anchor(epoch: Epoch, rawMs: number, nowMs: number): void {
    if (nowMs - epoch.anchoredAtMs <= anchorWindowMs) epoch.bestOffsetMs = Math.min(epoch.bestOffsetMs, nowMs - rawMs);
    const passedMs = Math.max(0, rawMs - epoch.lastRawMs);
    if (epoch.offsetMs - epoch.bestOffsetMs > tolerableLatenessMs) epoch.isCorrected = true;
    if (epoch.isCorrected) epoch.offsetMs = Math.max(epoch.bestOffsetMs, epoch.offsetMs - passedMs * slewRate);
    epoch.drift.arrived(nowMs, nowMs - rawMs);
    const limitMs = passedMs * driftRate;
    const stepMs = Math.max(-limitMs, Math.min(limitMs, epoch.drift.driftMs - epoch.followedMs));
    epoch.followedMs += stepMs;
    epoch.offsetMs += stepMs;
    epoch.bestOffsetMs += stepMs;
    epoch.lastRawMs = Math.max(epoch.lastRawMs, rawMs);
  }
}

function progressOf(known: TrackTime | undefined, rawMs: number, nowMs: number): Pick<TrackTime, 'changedAtMs' | 'unchangedFrames' | 'isStanding'> {
  if (!known || known.rawMs !== rawMs) return { changedAtMs: nowMs, unchangedFrames: 0, isStanding: false };
  const unchangedFrames = known.unchangedFrames + 1;
  return { changedAtMs: known.changedAtMs, unchangedFrames, isStanding: unchangedFrames >= standingFrames && nowMs - known.changedAtMs >= standingForMs };
}

/** The time nearest to `referenceMs` whose low 32 bits are the timestamp. */
function nearest(timestampMs: number, referenceMs: number): number {
  return referenceMs + ((timestampMs - (referenceMs % 2 ** 32)) | 0);
}

/** How far from now the epoch places a timestamp. */
function distanceMs(epoch: Epoch, rawMs: number, nowMs: number): number {
  return Math.abs(rawMs + epoch.offsetMs - nowMs);
}
