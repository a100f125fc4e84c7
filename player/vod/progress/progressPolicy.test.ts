import { describe, expect, it } from 'vitest';
import { markToSave, parsePosition, startAt } from './progressPolicy.ts';
import type { SaveState } from './progressPolicy.ts';

const playing: SaveState = { occasion: 'tick', nowMs: 100_000, positionSeconds: 600, durationSeconds: 3600, isLive: false, saved: undefined };
const savedBefore = { positionSeconds: 595, isFinished: false, atMs: 95_000 };

describe('saving the position', () => {
  it('saves every ten seconds while it plays', () => {
    expect(markToSave({ ...playing, saved: savedBefore })).toBeUndefined();
    expect(markToSave({ ...playing, saved: savedBefore, nowMs: 105_000 })).toEqual({ positionSeconds: 600, isFinished: false });
  });

  it('saves at once when it stops', () => {
    expect(markToSave({ ...playing, occasion: 'stop', saved: savedBefore })).toEqual({ positionSeconds: 600, isFinished: false });
  });

  it('saves nothing twice', () => {
    expect(markToSave({ ...playing, occasion: 'stop', saved: { ...savedBefore, positionSeconds: 600 } })).toBeUndefined();
  });

  it('does not save a position at the very beginning', () => {
    expect(markToSave({ ...playing, occasion: 'stop', positionSeconds: 3 })).toBeUndefined();
  });

  it('saves going back to the beginning', () => {
    expect(markToSave({ ...playing, occasion: 'stop', positionSeconds: 0, saved: savedBefore })).toEqual({ positionSeconds: 0, isFinished: false });
  });

  it('counts the video as finished after 95 %, but not while the lecture is live', () => {
    expect(markToSave({ ...playing, positionSeconds: 3421 })?.isFinished).toBe(true);
    expect(markToSave({ ...playing, positionSeconds: 3419 })?.isFinished).toBe(false);
    expect(markToSave({ ...playing, positionSeconds: 3599, isLive: true })?.isFinished).toBe(false);
  });
});

describe('the start position', () => {
  const progress = { positionSeconds: 754, isFinished: false, updatedAt: '2026-11-20T10:00:00.000Z' };

  it('is where the viewer stopped', () => {
    expect(startAt({ requested: undefined, progress, durationSeconds: 3600 })).toEqual({ seconds: 754, isResumed: true });
  });

  it('is the one in the URL, even at the beginning', () => {
    expect(startAt({ requested: 0, progress, durationSeconds: 3600 })).toEqual({ seconds: 0, isResumed: false });
    expect(startAt({ requested: 90, progress, durationSeconds: 3600 })).toEqual({ seconds: 90, isResumed: false });
    expect(startAt({ requested: 9000, progress, durationSeconds: 3600 })).toEqual({ seconds: 3599, isResumed: false });
  });

  it('is the beginning of a video that was never watched or is finished', () => {
    const fresh = { seconds: 0, isResumed: false };
    expect(startAt({ requested: undefined, progress: undefined, durationSeconds: 3600 })).toEqual(fresh);
    expect(startAt({ requested: undefined, progress: { ...progress, isFinished: true }, durationSeconds: 3600 })).toEqual(fresh);
    expect(startAt({ requested: undefined, progress: { ...progress, positionSeconds: 3590 }, durationSeconds: 3600 })).toEqual(fresh);
    expect(startAt({ requested: undefined, progress: { ...progress, positionSeconds: 2 }, durationSeconds: 3600 })).toEqual(fresh);
  });

  it('is parsed from the forms that people use in URLs', () => {
    expect(['90', '90s', '1m30s', '1h2m3s', '2m', '0'].map(parsePosition)).toEqual([90, 90, 90, 3723, 120, 0]);
    expect(['', 'soon', '1:30', '-4', undefined].map(parsePosition)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
});
