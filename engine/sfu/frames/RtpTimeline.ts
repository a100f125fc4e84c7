import { Unwrapper } from './rtpPacket.ts';

/** A span of arrivals. Its least delayed packet is the best estimate of the capture time. */
interface Arrivals {
  fromUs: number;
  leastOffsetUs: number;
}

const spanUs = 250_000;
const windowUs = 10_000_000;
/** After a silence the arrivals are not used until they span this much: a burst after a stall looks like a restart at first. */
const freshUs = 300_000;
const silenceUs = 3_000_000;
/** A packet that arrives this much before its capture time comes from a sender whose timestamps have restarted. */
const newStartUs = 2_000_000;
const jumpUs = 200_000;
const settlingUs = 15_000_000;
/** While settling, the error is corrected at a rate that would take this long. */
const settleWithinUs = 3_000_000;
const settledRate = 0.001;
/** A capture time that differs more from the arrival is not plausible: it belongs to the timestamps of another layer, or is wrong. */
const maxDelayUs = 1_500_000;
const reportsKept = 3;
/**
 * The delay from capture to arrival, according to sender reports, may grow by this much when the encoder is busier. A larger
 * growth is an error of the sender: after late frames, Chromium keeps reporting capture times that are up to 300 ms early
 * (`clip_bias_us_` in WebRTC's rtc_base/timestamp_aligner.cc).
 */
const maxSlowdownUs = 60_000;

/**
 * Gives the capture time of an RTP timestamp, in microseconds of the server's Clock.
 *
 * The capture time is the timestamp plus an offset. Arrivals bound the offset: nothing arrives before it was captured, so
 * the offset is at most the least one of all arrivals. Sender reports give the difference, within plausible bounds.
 * The offset in use follows the estimate slowly, so that neither jitter nor a late report is visible: within seconds at
 * first, later by 1 ms per second. A lag of more than 200 ms is corrected at once, a lead of as much within seconds, because
 * time never runs backwards.
 */
export class RtpTimeline {
  readonly #usPerTick: number;
  readonly #timestamps = new Unwrapper(32);
  #arrivals: Arrivals[] = [];
  #reports: number[] = [];
  /** The shortest delay from capture to arrival, according to reports since the timeline has settled. */
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

  /** A packet arrived at `atUs`, in order or not. */
  arrived(timestamp: number, atUs: number): void {
    const ticksUs = this.#timestamps.unwrap(timestamp) * this.#usPerTick;
    const offsetUs = atUs - ticksUs;
    if (this.#offsetUs === undefined || offsetUs < this.#offsetUs - newStartUs) this.#restart(offsetUs, ticksUs);
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

  /** The capture time: whole microseconds, strictly increasing from call to call, never far ahead of the last arrival. */
  timeOf(timestamp: number): number {
    const ticksUs = this.#timestamps.near(timestamp) * this.#usPerTick;
    this.#offsetUs = this.#follow(ticksUs);
    this.#lastTicksUs = ticksUs;
    // With jumping timestamps, a timestamp can be unwrapped to hours ahead of the time when it arrived.
    const timeUs = Math.min(ticksUs + this.#offsetUs, (this.#lastArrivalUs ?? Infinity) + newStartUs);
    this.#lastTimeUs = Math.max(Math.round(timeUs), this.#lastTimeUs + 1);
    return this.#lastTimeUs;
  }

  #restart(offsetUs: number, ticksUs: number): void {
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
    return reported !== undefined && this.#isPlausible(reported) ? least - this.#plausibleDelayUs(least - reported) : least;
  }

  /** A negative delay comes from a report that was delayed itself. */
  #noteDelay(delayUs: number, atUs: number): void {
    if (atUs > this.#settledAtUs && delayUs >= 0) this.#leastDelayUs = Math.min(this.#leastDelayUs, delayUs);
  }

  /** The plausible part of the delay between capture and arrival. */
  #plausibleDelayUs(delayUs: number): number {
    return Math.max(0, Math.min(delayUs, this.#leastDelayUs + maxSlowdownUs));
  }

  #leastOffsetUs(): number {
    return Math.min(...this.#arrivals.map((span) => span.leastOffsetUs));
  }

  /** False while nothing has arrived. */
  #isPlausible(offsetUs: number): boolean {
    return Math.abs(offsetUs - this.#leastOffsetUs()) < maxDelayUs;
  }
}
