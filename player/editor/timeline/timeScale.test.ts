import { describe, expect, it } from 'vitest';
import { following, resized, scrolledBy, ticksOf, toMs, toPx, wholeScale, zoomedAt } from './timeScale.ts';

const hour = wholeScale(3_600_000, 1000);

describe('the scale of the timeline', () => {
  it('shows the whole video at first', () => {
    expect([toPx(hour, 0), toPx(hour, 3_600_000), toMs(hour, 500)]).toEqual([0, 1000, 1_800_000]);
  });

  it('keeps the moment under the pointer where it is when it is zoomed', () => {
    const near = zoomedAt(hour, 0.25, 900_000);
    expect(toPx(near, 900_000)).toBeCloseTo(toPx(hour, 900_000));
    expect(near.msPerPx).toBe(900);
    expect(zoomedAt(near, 100, 900_000)).toEqual(hour);
  });

  it('ends at a frame, and at the ends of the video', () => {
    expect(zoomedAt(hour, 0.000_001, 0).msPerPx).toBe(10);
    const near = zoomedAt(hour, 0.1, 0);
    expect(scrolledBy(near, -50).startMs).toBe(0);
    expect(toMs(scrolledBy(near, 1e9), 1000)).toBe(3_600_000);
    expect([toMs(hour, -5), toMs(hour, 5000)]).toEqual([0, 3_600_000]);
  });

  it('turns the page when the playhead leaves it', () => {
    const near = zoomedAt(hour, 0.1, 0);
    expect(following(near, 100_000)).toBe(near);
    const next = following(near, 400_000);
    expect(toPx(next, 400_000)).toBeCloseTo(100);
    expect(following(next, 3_600_000).startMs).toBe(3_240_000);
  });

  it('shows the same part in a window of another width', () => {
    const near = zoomedAt(hour, 0.1, 1_000_000);
    expect(resized(near, 500)).toMatchObject({ startMs: near.startMs, msPerPx: near.msPerPx * 2 });
  });

  it('names round moments that are far enough apart to be read', () => {
    expect(ticksOf(hour)).toMatchObject({ stepMs: 300_000, ticks: expect.arrayContaining([0, 300_000, 3_600_000]) });
    const near = ticksOf(scrolledBy(zoomedAt(hour, 0.000_001, 0), 30));
    expect([near.stepMs, near.ticks[0]]).toEqual([1000, 1000]);
  });
});
