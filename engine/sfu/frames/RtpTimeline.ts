import { Unwrapper } from './rtpPacket.ts';

/** One span of arrivals: the least delayed packet in it says most about when things were captured. */
interface Arrivals {
  fromUs: number;
  leastOffsetUs: number;
}

const spanUs = 250_000;
const windowUs = 10_000_000;
/** After a silence nothing is concluded until so much has arrived: a burst after a stall looks like a new start at first. */
const freshUs = 300_000;
const silenceUs = 3_000_000;
/** What arrives so much before its time was sent by a clock that was set anew. */
const newStartUs = 2_000_000;
const jumpUs = 200_000;
const settlingUs = 15_000_000;
/** The part of the error that is made up each second while settling is the inverse of this. */
const settleWithinUs = 3_000_000;
const settledRate = 0.001;
/** A capture time farther from the arrival than this is no delay: it is about another layer's timestamps, or made up. */
const maxDelayUs = 1_500_000;
const reportsKept = 3;
/**
 * The way from capture to here, as reports tell it, may grow by so much: by an encoder with more to do. More than that is
 * the sender's own error: Chromium, after frames have reached it late for a while, goes on with capture times that are up
 * to 300 ms early for good (`clip_bias_us_` in WebRTC's rtc_base/timestamp_aligner.cc).
 */
const maxSlowdownUs = 60_000;

/**
 * When was what carries this RTP timestamp captured, in microseconds of the server's Clock?
 *
 * An RTP timestamp and a time make an offset; the true one is at most the least that arrivals show (nothing arrives
 * before it was captured), and sender reports, once they come, say how much less, within reason. Who asks late, after
 * some arrivals, starts well. From then on the offset in use follows slowly, so that neither jitter nor a late report moves the picture:
 * within seconds at first, later by 1 ms a second. Being more than 200 ms behind is made up at once, being as much ahead
 * within seconds, so that time never runs backwards.
 */
export class RtpTimeline {
  readonly #usPerTick: number;
  readonly #timestamps = new Unwrapper(32);
  #arrivals: Arrivals[] = [];
  #reports: number[] = [];
  /** The shortest way from capture to here that reports have told of since the timeline has settled. */
  #leastDelayUs = Infinity;
  #settledAtUs = Infinity;
  #freshSinceUs = 0;
  #lastArrivalUs: number | undefined;
  #offsetUs: number | undefined;
  #anchorTicksUs = 0;
  #lastTicksUs: number | undefined;
  #lastTimeUs = -Infinity;

  constructor(clockRateHz: number) {
    this.#usPerTick = 1e6 / clockRateHz;
  }

  /** A packet came in at `atUs`, in order or not. */
  arrived(timestamp: number, atUs: number): void {
    const ticksUs = this.#timestamps.unwrap(timestamp) * this.#usPerTick;
    const offsetUs = atUs - ticksUs;
    if (this.#offsetUs === undefined || offsetUs < this.#offsetUs - newStartUs) this.#startAnew(offsetUs, ticksUs);
    if (this.#lastArrivalUs === undefined || atUs - this.#lastArrivalUs > silenceUs) {
      this.#arrivals = [];
      this.#freshSinceUs = atUs;
    }
    this.#lastArrivalUs = atUs;
    const span = this.#arrivals.at(-1);
    if (span && atUs - span.fromUs < spanUs) span.leastOffsetUs = Math.min(span.leastOffsetUs, offsetUs);
    else this.#arrivals.push({ fromUs: atUs, leastOffsetUs: offsetUs });
    while ((this.#arrivals[0]?.fromUs ?? atUs) < atUs - windowUs) this.#arrivals.shift();
  }

  /** A sender report: `timestamp` was captured at `atUs`. */
  reported(timestamp: number, atUs: number): void {
    const offsetUs = atUs - this.#timestamps.near(timestamp) * this.#usPerTick;
    if (!this.#isPlausible(offsetUs)) return;
    this.#reports.push(offsetUs);
    if (this.#reports.length > reportsKept) this.#reports.shift();
    this.#noteDelay(this.#leastOffsetUs() - offsetUs, atUs);
  }

  /** Rises strictly from call to call, in whole microseconds; never far ahead of what has arrived. */
  timeOf(timestamp: number): number {
    const ticksUs = this.#timestamps.near(timestamp) * this.#usPerTick;
    this.#offsetUs = this.#follow(ticksUs);
    this.#lastTicksUs = ticksUs;
    // Timestamps that jump about mean another time when they are asked for than when they arrived: hours ahead of it.
    const timeUs = Math.min(ticksUs + this.#offsetUs, (this.#lastArrivalUs ?? Infinity) + newStartUs);
    this.#lastTimeUs = Math.max(Math.round(timeUs), this.#lastTimeUs + 1);
    return this.#lastTimeUs;
  }

  #startAnew(offsetUs: number, ticksUs: number): void {
    this.#offsetUs = offsetUs;
    this.#anchorTicksUs = ticksUs;
    this.#lastTicksUs = undefined;
    this.#arrivals = [];
    this.#reports = [];
    this.#leastDelayUs = Infinity;
    this.#settledAtUs = ticksUs + offsetUs + settlingUs;
  }

  #follow(ticksUs: number): number {
    const offsetUs = this.#offsetUs ?? 0;
    const target = this.#target();
    if (target === undefined) return offsetUs;
    const errorUs = target - offsetUs;
    if (errorUs > jumpUs || this.#lastTicksUs === undefined) {
      this.#anchorTicksUs = ticksUs;
      return target;
    }
    const isSettling = ticksUs - this.#anchorTicksUs < settlingUs || errorUs < -jumpUs;
    const rate = isSettling ? Math.min(0.1, Math.max(0.005, Math.abs(errorUs) / settleWithinUs)) : settledRate;
    const limitUs = rate * Math.max(0, ticksUs - this.#lastTicksUs);
    return offsetUs + Math.max(-limitUs, Math.min(limitUs, errorUs));
  }

  #target(): number | undefined {
    if (this.#lastArrivalUs === undefined || this.#lastArrivalUs - this.#freshSinceUs < freshUs) return undefined;
    const reported = [...this.#reports].sort((a, b) => a - b)[this.#reports.length >> 1];
    const least = this.#leastOffsetUs();
    return reported !== undefined && this.#isPlausible(reported) ? least - this.#believed(least - reported) : least;
  }

  /** A way of less than nothing tells of a report that was held up, and not of the way. */
  #noteDelay(delayUs: number, atUs: number): void {
    if (atUs > this.#settledAtUs && delayUs >= 0) this.#leastDelayUs = Math.min(this.#leastDelayUs, delayUs);
  }

  /** Of the time between capture and arrival that reports tell of. */
  #believed(delayUs: number): number {
    return Math.max(0, Math.min(delayUs, this.#leastDelayUs + maxSlowdownUs));
  }

  #leastOffsetUs(): number {
    return Math.min(...this.#arrivals.map((span) => span.leastOffsetUs));
  }

  /** False also while nothing has arrived. */
  #isPlausible(offsetUs: number): boolean {
    return Math.abs(offsetUs - this.#leastOffsetUs()) < maxDelayUs;
  }
}
