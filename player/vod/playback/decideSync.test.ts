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
    second: { seconds: 100, targetSeconds: 100, isSeeking: false, isReady: true, rate: 1, ...second },
    hasSecondVideo: true,
    heldMs: 0,
    ...rest,
  };
}

describe('keeping the second picture at the moment of the main one', () => {
  it('leaves two pictures alone that agree', () => {
    expect(decideSync(view({ second: { seconds: 100.015 } }))).toEqual({ play: true, rate: 1, holdMain: false });
  });

  it('slows a picture that is ahead and hastens one that is behind, and never by more than can be seen', () => {
    expect(decideSync(view({ second: { seconds: 100.07 } })).rate).toBeCloseTo(0.9);
    expect(decideSync(view({ second: { seconds: 99.93 } })).rate).toBeCloseTo(1.1);
    expect(decideSync(view({ second: { seconds: 99.5 } })).rate).toBeCloseTo(1.2);
  });

  it('nudges in proportion to the speed of the lecture', () => {
    expect(decideSync(view({ main: { rate: 2 }, second: { seconds: 99.93, rate: 2 } })).rate).toBeCloseTo(2.2);
  });

  it('goes on nudging until the pictures agree, not only until the drift is bearable', () => {
    expect(decideSync(view({ second: { seconds: 99.98, rate: 1.06 } })).rate).toBeGreaterThan(1);
    expect(decideSync(view({ second: { seconds: 99.995, rate: 1.06 } })).rate).toBe(1);
  });

  it('seeks when catching up would take too long', () => {
    expect(decideSync(view({ second: { seconds: 90 } })).seekToSeconds).toBe(100);
    expect(decideSync(view({ second: { seconds: 130 } })).seekToSeconds).toBe(100);
  });

  it('lets a seek under way finish before it asks for another', () => {
    expect(decideSync(view({ second: { seconds: 90, isSeeking: true, isReady: false } })).seekToSeconds).toBeUndefined();
  });

  it('shows the exact frame while the lecture is paused', () => {
    const command = decideSync(view({ main: { isPlaying: false }, second: { seconds: 100.1 } }));
    expect(command).toEqual({ play: false, rate: 1, holdMain: false, seekToSeconds: 100 });
    expect(decideSync(view({ main: { isPlaying: false }, second: { seconds: 100.02 } })).seekToSeconds).toBeUndefined();
  });

  it('follows the main picture while someone drags the seek bar', () => {
    const command = decideSync(view({ main: { isSeeking: true, isReady: false }, second: { seconds: 40 } }));
    expect(command).toMatchObject({ play: false, seekToSeconds: 100 });
  });

  it('stops the second picture while the main one loads', () => {
    expect(decideSync(view({ main: { isReady: false } }))).toMatchObject({ play: false, holdMain: false });
  });

  it('holds the main picture while the second one loads, but not for ever', () => {
    expect(decideSync(view({ second: { isReady: false } })).holdMain).toBe(true);
    expect(decideSync(view({ second: { isReady: false }, heldMs: 8000 })).holdMain).toBe(false);
  });

  it('does not hold anything while paused', () => {
    expect(decideSync(view({ main: { isPlaying: false }, second: { isReady: false } })).holdMain).toBe(false);
  });

  it('lets the main picture go on alone where the second one was not recorded', () => {
    const command = decideSync(view({ second: { seconds: 20, isReady: false }, hasSecondVideo: false }));
    expect(command).toEqual({ play: false, rate: 1, holdMain: false });
  });
});
