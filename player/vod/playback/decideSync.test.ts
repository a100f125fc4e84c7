import { describe, expect, it } from 'vitest';
import { decideSync } from './decideSync.ts';
import type { SyncView } from './decideSync.ts';

interface Changes {
  main?: Partial<SyncView['main']>;
  second?: Partial<SyncView['second']>;
  hasSecondVideo?: boolean;
  heldMs?: number;
}

function view({ main, second, ...rest }: Changes = {}): SyncView {
  return {
    main: { isPlaying: true, isSeeking: false, isReady: true, rate: 1, ...main },
    second: { seconds: 100, targetSeconds: 100, isSeeking: false, isReady: true, rate: 1, hasPlayed: false, ...second },
    hasSecondVideo: true,
    heldMs: 0,
    ...rest,
  };
}

describe('decideSync', () => {
  it('does nothing while the videos are in sync', () => {
    expect(decideSync(view({ second: { seconds: 100.015 } }))).toEqual({ play: true, rate: 1, holdMain: false });
  });

  it('slows a video that is ahead and speeds up one that is behind, within a limit', () => {
    expect(decideSync(view({ second: { seconds: 100.07 } })).rate).toBeCloseTo(0.9);
    expect(decideSync(view({ second: { seconds: 99.93 } })).rate).toBeCloseTo(1.1);
    expect(decideSync(view({ second: { seconds: 99.5 } })).rate).toBeCloseTo(1.2);
  });

  it('nudges in proportion to the playback speed', () => {
    expect(decideSync(view({ main: { rate: 2 }, second: { seconds: 99.93, rate: 2 } })).rate).toBeCloseTo(2.2);
  });

  it('continues a nudge until the videos are in sync, not only until the drift is small', () => {
    expect(decideSync(view({ second: { seconds: 99.98, rate: 1.06 } })).rate).toBeGreaterThan(1);
    expect(decideSync(view({ second: { seconds: 99.995, rate: 1.06 } })).rate).toBe(1);
  });

  it('seeks when catching up would take too long', () => {
    expect(decideSync(view({ second: { seconds: 90 } })).seekToSeconds).toBe(100);
    expect(decideSync(view({ second: { seconds: 130 } })).seekToSeconds).toBe(100);
  });

  it('waits for a seek in progress before it seeks again', () => {
    expect(decideSync(view({ second: { seconds: 90, isSeeking: true, isReady: false } })).seekToSeconds).toBeUndefined();
  });

  it('seeks to the exact frame while paused', () => {
    const command = decideSync(view({ main: { isPlaying: false }, second: { seconds: 100.1 } }));
    expect(command).toEqual({ play: false, rate: 1, holdMain: false, seekToSeconds: 100 });
    expect(decideSync(view({ main: { isPlaying: false }, second: { seconds: 100.02 } })).seekToSeconds).toBeUndefined();
  });

  it('seeks once after a pause, because the frame on the screen may be later than the clock', () => {
    const paused = { main: { isPlaying: false }, second: { seconds: 100.001, hasPlayed: true } };
    expect(decideSync(view(paused)).seekToSeconds).toBe(100);
    expect(decideSync(view({ ...paused, second: { ...paused.second, isSeeking: true } })).seekToSeconds).toBeUndefined();
    expect(decideSync(view({ ...paused, main: {} })).seekToSeconds).toBeUndefined();
  });

  it('follows the main video while the user drags the seek bar', () => {
    const command = decideSync(view({ main: { isSeeking: true, isReady: false }, second: { seconds: 40 } }));
    expect(command).toMatchObject({ play: false, seekToSeconds: 100 });
  });

  it('pauses the second video while the main one loads', () => {
    expect(decideSync(view({ main: { isReady: false } }))).toMatchObject({ play: false, holdMain: false });
  });

  it('holds the main video while the second one loads, up to a limit', () => {
    expect(decideSync(view({ second: { isReady: false } })).holdMain).toBe(true);
    expect(decideSync(view({ second: { isReady: false }, heldMs: 8000 })).holdMain).toBe(false);
  });

  it('does not hold the main video while paused', () => {
    expect(decideSync(view({ main: { isPlaying: false }, second: { isReady: false } })).holdMain).toBe(false);
  });

  it('plays the main video alone where the second one was not recorded', () => {
    const command = decideSync(view({ second: { seconds: 20, isReady: false }, hasSecondVideo: false }));
    expect(command).toEqual({ play: false, rate: 1, holdMain: false });
  });
});
