import { describe, expect, it } from 'vitest';
import { ManualClock } from '#engine/testing';
import { TimeMap } from './TimeMap.ts';

function setUp() {
  const clock = new ManualClock(1_000_000);
  const times = new TimeMap(clock);
  return { clock, times, ms: (kind: 'video' | 'audio', timestampMs: number) => times.decodeTimeUs(kind, timestampMs) / 1000 };
}

describe('TimeMap', () => {
  it('places the first packet at its arrival and keeps the sent intervals', () => {
    const { clock, ms } = setUp();
    expect(ms('video', 5000)).toBe(1_000_000);
    clock.advance(20);
    expect(ms('audio', 5010)).toBe(1_000_010);
    clock.advance(80);
    expect(ms('video', 5033)).toBe(1_000_033);
  });

  it('corrects a late anchor slowly, changing frame durations by at most 2 %', () => {
    const { clock, ms } = setUp();
    let before = ms('video', 0);
    const steps: number[] = [];
    let last = before;
    // The first packet was 200 ms late; the rest come on time.
    for (let i = 1; i < 400; i += 1) {
      const arrivalMs = 999_800 + i * 33;
      if (arrivalMs > clock.nowMs()) clock.advance(arrivalMs - clock.nowMs());
      last = ms('video', i * 33);
      steps.push(last - before);
      before = last;
    }
    expect(Math.min(...steps)).toBeGreaterThan(33 * 0.975);
    expect(last).toBeCloseTo(999_800 + 399 * 33, 0);
  });

  it('keeps durations when the first packet was only a little late', () => {
    const { clock, ms } = setUp();
    ms('video', 0);
    clock.advance(1);
    ms('video', 100);
    clock.advance(400);
    expect(ms('video', 500)).toBe(1_000_500);
  });

  it('does not let a burst after the first second move the anchor', () => {
    const { clock, ms } = setUp();
    ms('video', 0);
    clock.advance(5000);
    for (let i = 1; i <= 150; i += 1) ms('video', i * 33);
    expect(ms('video', 5000)).toBeCloseTo(1_005_000, 0);
  });

  it('continues when the 32 bits wrap', () => {
    const { clock, ms } = setUp();
    ms('video', 0xffff_ffff - 20);
    clock.advance(33);
    expect(ms('video', 12)).toBe(1_000_033);
    expect(ms('audio', 15)).toBe(1_000_036);
  });

  it('sets a new anchor when timestamps jump, with one offset for both tracks', () => {
    const { clock, ms } = setUp();
    ms('video', 100_000);
    ms('audio', 100_000);
    clock.advance(33);
    expect(ms('video', 0)).toBe(1_000_033);
    clock.advance(10);
    // Audio in flight still has old timestamps.
    expect(ms('audio', 100_030)).toBe(1_000_030);
    clock.advance(10);
    expect(ms('audio', 5)).toBe(1_000_038);
    clock.advance(13);
    expect(ms('video', 33)).toBe(1_000_066);
    clock.advance(33);
    expect(ms('video', 90_000_000)).toBe(1_000_099);
  });

  it('keeps its anchor when a pause is longer than a jump', () => {
    const { clock, ms } = setUp();
    ms('video', 0);
    clock.advance(20_100);
    expect(ms('video', 20_000)).toBe(1_020_000);
  });

  it('uses the time of arrival while timestamps stand still, and timestamps again when they advance', () => {
    const { clock, times, ms } = setUp();
    for (let i = 0; i < 100; i += 1) {
      expect(ms('video', i * 20)).toBe(clock.nowMs());
      ms('audio', 0);
      clock.advance(20);
    }
    expect(times.isStanding).toBe(true);
    expect(ms('audio', 0)).toBe(clock.nowMs());
    for (let i = 1; i < 100; i += 1) {
      clock.advance(20);
      expect(ms('audio', i * 20)).toBeCloseTo(clock.nowMs(), 0);
    }
    expect(times.isStanding).toBe(false);
  });

  it('does not take a burst of frames with one timestamp for timestamps that stand still', () => {
    const { clock, times, ms } = setUp();
    for (let i = 0; i < 50; i += 1) {
      for (let burst = 0; burst < 8; burst += 1) ms('audio', i * 160);
      expect(times.isStanding).toBe(false);
      clock.advance(160);
    }
  });

  it('states how far the media is ahead of the clock', () => {
    const { clock, times, ms } = setUp();
    ms('video', 0);
    ms('audio', 100);
    expect(times.aheadMs).toBe(100);
    clock.advance(2000);
    expect(times.aheadMs).toBe(-1900);
  });

  it('increases by at least a millisecond within a track, whatever arrives', () => {
    const { clock, times } = setUp();
    let last = 0;
    let seed = 7;
    for (let i = 0; i < 5000; i += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      clock.advance(seed % 50);
      const timestamp = seed % 10 === 0 ? (seed * 2) >>> 0 : i * 20 - (seed % 60);
      const next = times.decodeTimeUs('video', timestamp >>> 0);
      expect(next).toBeGreaterThanOrEqual(last + 1000);
      last = next;
    }
  });

  it.each([200, -200, 50, -50])('follows the clock of an encoder that is %i ppm off for two hours, with video and audio in sync', (ppm) => {
    const { clock, times } = setUp();
    const random = seeded(11);
    const video = Array.from({ length: 2 * 3600 * 30 }, (_, index) => ({ kind: 'video' as const, sentMs: (index * 1000) / 30 }));
    const audio = Array.from({ length: (2 * 3600 * 48_000) / 1024 }, (_, index) => ({ kind: 'audio' as const, sentMs: (index * 1024) / 48 }));
    const last = { video: 0, audio: 0 };
    let [longestMs, worstMs] = [0, 0];
    for (const { kind, sentMs } of [...video, ...audio].sort((a, b) => a.sentMs - b.sentMs)) {
      const capturedMs = 1_000_000 + sentMs / (1 + ppm / 1e6);
      clock.advance(Math.max(0, capturedMs + random() * 80 - clock.nowMs()));
      const timeMs = times.decodeTimeUs(kind, Math.round(sentMs)) / 1000;
      longestMs = Math.max(longestMs, timeMs - (last[kind] || timeMs));
      worstMs = Math.max(worstMs, Math.abs(timeMs - capturedMs));
      last[kind] = timeMs;
    }
    expect(worstMs).toBeLessThan(60);
    expect(longestMs).toBeLessThan(35);
    expect(Math.abs(last.audio - last.video)).toBeLessThan(35);
  });

  it('does not take a minute of a slow network for a slow clock', () => {
    const { clock, ms } = setUp();
    const offsets: number[] = [];
    for (let sentMs = 0; sentMs < 600_000; sentMs += 33) {
      const delayMs = sentMs > 300_000 && sentMs < 360_000 ? 2000 : 20;
      clock.advance(Math.max(0, 1_000_000 + sentMs + delayMs - clock.nowMs()));
      offsets.push(ms('video', sentMs) - sentMs);
    }
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(1);
  });
});

it('keeps an encoder whose clock is 400 ppm fast from running ahead for hours', () => {
  const { clock, times, ms } = setUp();
  for (let sentMs = 0; sentMs < 4 * 3_600_000; sentMs += 100) {
    for (const kind of ['video', 'audio'] as const) ms(kind, sentMs);
    clock.advance(100 / 1.0004);
  }
  expect(times.aheadMs).toBeLessThan(200);
});

/** A deterministic random number generator, from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
