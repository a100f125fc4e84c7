import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/index.ts';
import { DriftingTrack, fakeProducer, seeded } from '../testing/driftingSender.ts';
import { RtpTimeline } from './RtpTimeline.ts';
import { SenderClock } from './SenderClock.ts';

const rate = 90_000;
const epochUs = 1_900_000_000_000_000;

/** A sender of 30 frames a second. Its timestamps start shortly before their wrap. */
class Sender {
  readonly timeline = new RtpTimeline(rate);
  readonly firstTimestamp = 2 ** 32 - 9000;

  timestamp(index: number): number {
    return (this.firstTimestamp + index * 3000) % 2 ** 32;
  }

  capturedUs(index: number): number {
    return epochUs + (index * 1e6) / 30;
  }

  /** The error of the time that frame `index` is given, ms. */
  send(index: number, delayMs: number, frozenUs = 0): number {
    this.timeline.arrived(this.timestamp(index), this.capturedUs(index) + frozenUs + delayMs * 1000);
    return (this.timeline.timeOf(this.timestamp(index)) - this.capturedUs(index) - frozenUs) / 1000;
  }

  report(index: number): void {
    this.timeline.reported(this.timestamp(index), this.capturedUs(index));
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('RtpTimeline', () => {
  it('starts at the arrival of the first packet', () => {
    expect(new Sender().send(0, 40)).toBeCloseTo(40, 2);
  });

  it('continues across the wrap of the timestamps', () => {
    const sender = new Sender();
    const errors = range(0, 90).map((i) => sender.send(i, 40));
    expect(Math.max(...errors.map((error) => Math.abs(error - 40)))).toBeLessThan(0.01);
  });

  it('starts at the least delay when several packets have arrived', () => {
    const sender = new Sender();
    for (const i of range(1, 30)) sender.timeline.arrived(sender.timestamp(i), sender.capturedUs(i) + (i % 7 === 3 ? 20_000 : 90_000));
    expect(sender.send(0, 2000)).toBeCloseTo(20, 1);
  });

  it('approaches the least delay within seconds at first', () => {
    const sender = new Sender();
    const errors = range(0, 300).map((i) => sender.send(i, i === 0 ? 150 : 20 + (i % 5)));
    expect(errors[20]).toBeGreaterThan(100);
    expect(errors[150]).toBeLessThan(50);
    expect(errors[299]).toBeLessThan(23);
  });

  it('follows late reports without a jump, and arrives at the capture time', () => {
    const sender = new Sender();
    const errors = range(0, 600).map((i) => {
      if (i >= 150 && i % 30 === 0) sender.report(i);
      return sender.send(i, 30 + (i % 4));
    });
    const steps = errors.slice(1).map((error, i) => Math.abs(error - (errors[i] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.5);
    expect(errors[599]).toBeCloseTo(0, 1);
  });

  it('follows at one millisecond a second once it has settled', () => {
    const sender = new Sender();
    for (const i of range(0, 900)) sender.send(i, 30);
    for (const i of range(900, 1200)) {
      if (i % 30 === 0) sender.report(i);
      sender.send(i, 30);
    }
    expect(sender.send(1200, 30)).toBeGreaterThan(19);
    expect(sender.send(1201, 30)).toBeLessThan(22);
  });

  it('does not follow a sender whose reported capture times become early', () => {
    const sender = new Sender();
    const reportAndSend = (i: number, delayMs: number) => {
      if (i % 30 === 0) sender.report(i);
      return sender.send(i, delayMs);
    };
    for (const i of range(0, 1800)) reportAndSend(i, 40 + (i % 4));
    // From now on timestamps are 170 ms too early, and so are the reports.
    const errors = range(1800, 9000).map((i) => reportAndSend(i, 170 + 40 + (i % 4)) - 170);
    expect(errors.at(-1)).toBeGreaterThan(-61);
    expect(errors.at(-1)).toBeLessThan(0);
  });

  it('follows an encoder that becomes slower', () => {
    const sender = new Sender();
    const errors = range(0, 6000).map((i) => {
      if (i % 30 === 0) sender.report(i);
      return sender.send(i, i < 1800 ? 10 : 60);
    });
    expect(errors.at(-1)).toBeCloseTo(0, 0);
  });

  it('still follows an encoder delay of 150 ms after a congestion that delayed the reports', () => {
    const sender = new Sender();
    const errors = range(0, 9000).map((i) => {
      const isCongested = i >= 1800 && i < 2700;
      // SenderClock uses the fastest of the last reports. All of them waited in the same queue, so it notices late that the queue is gone.
      const seenMs = i >= 1900 && i < 2900 ? 300 : 0;
      if (i % 30 === 0) sender.timeline.reported(sender.timestamp(i), sender.capturedUs(i) + seenMs * 1000);
      return sender.send(i, isCongested ? 450 : 150);
    });
    expect(errors[1799]).toBeCloseTo(0, 0);
    expect(errors.at(-1)).toBeCloseTo(0, 0);
  });

  it('follows a network whose delay grows', () => {
    const sender = new Sender();
    const errors = range(0, 6000).map((i) => {
      const delayMs = i < 1800 ? 10 : 310;
      // Reports have the same delay, which SenderClock cannot distinguish from a clock offset.
      if (i % 30 === 0) sender.timeline.reported(sender.timestamp(i), sender.capturedUs(i) + delayMs * 1000);
      return sender.send(i, delayMs + 20) - delayMs;
    });
    expect(errors.at(-1)).toBeCloseTo(0, 0);
  });

  it('ignores reports with timestamps of another layer', () => {
    const sender = new Sender();
    const errors = range(0, 300).map((i) => {
      if (i % 30 === 0) sender.timeline.reported((sender.timestamp(i) + 900_000_000) % 2 ** 32, sender.capturedUs(i));
      return sender.send(i, 25);
    });
    expect(errors[299]).toBeCloseTo(25, 1);
  });

  it('corrects a pause in which the timestamps do not advance', () => {
    const sender = new Sender();
    for (const i of range(0, 60)) sender.send(i, 25);
    const errors = range(60, 120).map((i) => sender.send(i, 25, 20_000_000));
    expect(errors[0]).toBeLessThan(-19_000);
    expect(errors.at(-1)).toBeCloseTo(25, 0);
  });

  it('does not change its offset when the network stalls', () => {
    const sender = new Sender();
    for (const i of range(0, 300)) sender.send(i, 25);
    // Four seconds of frames are delayed and then arrive at once.
    const errors = range(300, 420).map((i) => sender.send(i, (420 - i) * 33.3 + 25));
    errors.push(...range(420, 500).map((i) => sender.send(i, 25)));
    expect(Math.max(...errors.map((error) => Math.abs(error - 25)))).toBeLessThan(1);
  });

  it('restarts when the timestamps of the sender jump forward', () => {
    const sender = new Sender();
    for (const i of range(0, 60)) sender.send(i, 25);
    const jumped = (sender.timestamp(60) + 90_000 * 60) % 2 ** 32;
    sender.timeline.arrived(jumped, sender.capturedUs(60) + 25_000);
    expect((sender.timeline.timeOf(jumped) - sender.capturedUs(60)) / 1000).toBeCloseTo(25, 0);
  });

  it.each([
    [100, -100],
    [-100, 100],
  ])('keeps video and audio in sync for two hours with a sound card that is %i ppm and a sender clock that is %i ppm off', async (audioPpm, senderPpm) => {
    const clock = new ManualClock(epochUs / 1000);
    const link = fakeProducer();
    const reports = new SenderClock(clock);
    const video = new DriftingTrack({ startMs: epochUs / 1000, clockRateHz: 90_000, packetMs: 1000 / 15, ppm: 0 });
    const audio = new DriftingTrack({ startMs: epochUs / 1000, clockRateHz: 48_000, packetMs: 20, ppm: audioPpm });
    for (const track of [video, audio]) await reports.listen(link.producer(track), (timestamp, atUs) => track.timeline.reported(timestamp, atUs));
    const random = seeded(5);
    const worst = { apartMs: 0, errorMs: 0, stepMs: 0 };
    for (let second = 0; second < 2 * 3600; second += 1) {
      const played = [video, audio].map((track) => track.playSecond(second, clock, random));
      // Reports are sent by themselves, with the delay of packets.
      const reportedMs = (second + 1) * 1000;
      clock.advance(Math.max(0, epochUs / 1000 + reportedMs + 15 + random() * 25 - clock.nowMs()));
      for (const track of [video, audio]) link.report(track, track.timestampAt(second + 1), epochUs / 1000 + 3_600_000 + reportedMs * (1 + senderPpm / 1e6));
      if (second < 30) continue;
      const errors = played.map(({ lastMs }) => lastMs);
      worst.apartMs = Math.max(worst.apartMs, Math.max(...errors) - Math.min(...errors));
      worst.errorMs = Math.max(worst.errorMs, ...errors.map(Math.abs));
      worst.stepMs = Math.max(worst.stepMs, ...played.map(({ largestStepMs }) => largestStepMs));
    }
    expect(worst.apartMs).toBeLessThan(10);
    expect(worst.errorMs).toBeLessThan(30);
    expect(worst.stepMs).toBeLessThan(1);
  }, 30_000);

  it('never runs backwards, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 5_000_000 }), fc.boolean()), { maxLength: 200 }), (events) => {
        const timeline = new RtpTimeline(rate);
        let nowUs = epochUs;
        let last = -Infinity;
        for (const [timestamp, passedUs, isReport] of events) {
          nowUs += passedUs;
          if (isReport) timeline.reported(timestamp, nowUs);
          timeline.arrived(timestamp, nowUs);
          const time = timeline.timeOf(timestamp);
          expect(time).toBeGreaterThan(last);
          last = time;
        }
      }),
    );
  });

  it('never gives a capture time long after the arrival, whatever the timestamps, also when it is asked later', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 5_000_000 })), { maxLength: 200 }), fc.integer({ min: 0, max: 20 }), (arrivals, waiting) => {
        const timeline = new RtpTimeline(rate);
        let nowUs = epochUs;
        for (const [index, [timestamp, passedUs]] of arrivals.entries()) {
          nowUs += passedUs;
          timeline.arrived(timestamp, nowUs);
          const [due] = arrivals[index - waiting] ?? [];
          if (due !== undefined) expect(timeline.timeOf(due)).toBeLessThan(nowUs + 2_100_000);
        }
      }),
    );
  });
});
