import type { types } from 'mediasoup';
import * as z from 'zod';
import type { Clock } from '../../kernel/index.ts';

/** A sender report (RFC 3550 §6.4.1) in mediasoup's `sr` trace event of a producer. */
const ReportTrace = z.object({ ntpSec: z.number(), ntpFrac: z.number(), rtpTs: z.number() });

/** RFC 3550 §4: NTP counts from 1900. */
const ntpToUnixSeconds = 2_208_988_800;
const samplesKept = 30;

/** `rtpTimestamp` was captured at `atUs` of the server's Clock. */
export type ReportListener = (rtpTimestamp: number, atUs: number) => void;

/**
 * Maps the clock of one sender to the server's clock. All tracks of a sender share one SenderClock, which keeps video and
 * audio in sync: a sender report relates an RTP timestamp to the sender's clock exactly, and only the offset between the
 * two clocks is an estimate, from the report with the least delay.
 *
 * The reports are trace events of the producer. Consumers of mediasoup's DirectTransport get none: it never starts its RTCP
 * timer (3.27.1, DirectTransport.cpp does not call Connected).
 */
export class SenderClock {
  readonly #clock: Clock;
  readonly #offsetsUs: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async listen(producer: types.Producer, listener: ReportListener): Promise<() => void> {
    const onTrace = (trace: types.ProducerTraceEventData) => {
      const report = trace.type === 'sr' ? ReportTrace.safeParse(trace.info) : undefined;
      if (report?.success) listener(report.data.rtpTs, this.#toServerUs(report.data));
    };
    await producer.enableTraceEvent(['sr']);
    producer.on('trace', onTrace);
    return () => producer.off('trace', onTrace);
  }

  #toServerUs({ ntpSec, ntpFrac }: z.infer<typeof ReportTrace>): number {
    const ntpUs = (ntpSec - ntpToUnixSeconds) * 1e6 + (ntpFrac * 1e6) / 2 ** 32;
    this.#offsetsUs.push(this.#clock.nowMs() * 1000 - ntpUs);
    if (this.#offsetsUs.length > samplesKept) this.#offsetsUs.shift();
    return ntpUs + Math.min(...this.#offsetsUs);
  }
}
