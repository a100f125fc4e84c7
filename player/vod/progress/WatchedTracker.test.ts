import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { maxReportedRanges } from '#api/contract';
import { WatchedTracker } from './WatchedTracker.ts';

let nowMs: number;
let player: { positionSeconds: ReturnType<typeof signal<number>>; isPaused: ReturnType<typeof signal<boolean>>; rate: ReturnType<typeof signal<number>> };
let tracker: WatchedTracker;

beforeEach(() => {
  nowMs = 0;
  player = { positionSeconds: signal(0), isPaused: signal(false), rate: signal(1) };
  tracker = new WatchedTracker({ ...player, nowMs: () => nowMs } as never);
});

function play(seconds: number): void {
  for (let step = 0; step < seconds * 4; step += 1) {
    nowMs += 250;
    player.positionSeconds.value = (player.positionSeconds.value ?? 0) + 0.25 * (player.rate.value ?? 1);
  }
}

describe('the watched parts of a video', () => {
  it('are what is played, without what is skipped', () => {
    play(10);
    player.positionSeconds.value = 60;
    play(5);
    player.positionSeconds.value = 20;
    play(2);
    expect(tracker.take()).toEqual([{ startSeconds: 0, endSeconds: 10 }, { startSeconds: 60, endSeconds: 65 }, { startSeconds: 20, endSeconds: 22 }]);
    play(1);
    expect(tracker.take()).toEqual([{ startSeconds: 22, endSeconds: 23 }]);
    expect(tracker.take()).toEqual([]);
  });

  it('are the same at double speed, and nothing while it is paused', () => {
    player.rate.value = 2;
    play(10);
    player.isPaused.value = true;
    player.positionSeconds.value = 40;
    nowMs += 60_000;
    player.isPaused.value = false;
    play(1);
    expect(tracker.take()).toEqual([{ startSeconds: 0, endSeconds: 20 }, { startSeconds: 40, endSeconds: 42 }]);
  });

  it('go on over a timer that is late, as in a tab in the background', () => {
    nowMs += 30_000;
    player.positionSeconds.value = 30;
    expect(tracker.take()).toEqual([{ startSeconds: 0, endSeconds: 30 }]);
  });

  it('are sent again when that failed, and in requests of a bounded size', () => {
    for (let jump = 0; jump < maxReportedRanges + 5; jump += 1) {
      player.positionSeconds.value = jump * 100;
      play(1);
    }
    const first = tracker.take();
    expect(first).toHaveLength(maxReportedRanges);
    tracker.putBack(first);
    expect(tracker.take()).toEqual(first);
    expect(tracker.take()).toHaveLength(5);
    tracker.close();
    play(5);
    expect(tracker.take()).toEqual([]);
  });
});
