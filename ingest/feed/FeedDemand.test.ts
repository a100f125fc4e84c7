import { describe, expect, it } from 'vitest';
import type { TrackDemand } from '#engine';
import { ManualClock } from '#engine/testing';
import { FeedDemand } from './FeedDemand.ts';

class DrivenTrack {
  demand: TrackDemand = { subscriptions: 0, active: 0 };
  #listener: ((demand: TrackDemand) => void) | undefined;

  onDemandChanged(listener: (demand: TrackDemand) => void) {
    this.#listener = listener;
    return () => void (this.#listener = undefined);
  }

  set(subscriptions: number, active: number): void {
    this.demand = { subscriptions, active };
    this.#listener?.(this.demand);
  }
}

function open() {
  const clock = new ManualClock();
  const calls: string[] = [];
  const demand = new FeedDemand({ clock, onNeeded: (isNeeded) => calls.push(isNeeded ? 'needed' : 'not needed'), onFirstViewer: () => calls.push('first viewer') });
  return { clock, calls, demand, track: new DrivenTrack() };
}

describe('The demand for a copy', () => {
  it('exists for half a minute after the feed connects', () => {
    const { clock, calls, demand, track } = open();
    clock.advance(20_000);
    demand.follow(track);
    clock.advance(29_999);
    expect(demand.isNeeded).toBe(true);
    clock.advance(1);
    expect(demand.isNeeded).toBe(false);
    expect(calls).toEqual(['not needed']);
  });

  it('exists while somebody is subscribed, and for half a minute longer', () => {
    const { clock, calls, demand, track } = open();
    demand.follow(track);
    track.set(1, 0);
    clock.advance(600_000);
    track.set(2, 1);
    track.set(1, 1);
    track.set(0, 0);
    clock.advance(29_999);
    expect(calls).toEqual(['first viewer']);
    track.set(1, 1);
    track.set(0, 0);
    clock.advance(30_000);
    expect(calls).toEqual(['first viewer', 'first viewer', 'not needed']);
  });

  it('returns with a subscription, before that is active', () => {
    const { clock, calls, demand, track } = open();
    demand.follow(track);
    clock.advance(30_000);
    track.set(1, 0);
    track.set(1, 1);
    expect(calls).toEqual(['not needed', 'needed', 'first viewer']);
  });

  it('follows the track of a new room, and no longer that of the old one', () => {
    const { clock, calls, demand, track } = open();
    demand.follow(track);
    track.set(1, 1);
    const next = new DrivenTrack();
    demand.follow(undefined);
    demand.follow(next);
    track.set(0, 0);
    clock.advance(30_000);
    next.set(1, 1);
    expect(calls).toEqual(['first viewer', 'not needed', 'needed', 'first viewer']);
  });

  it('leaves no timer when it is closed', () => {
    const { clock, demand, track } = open();
    demand.follow(track);
    demand.close();
    track.set(1, 1);
    track.set(0, 0);
    expect(clock.timers).toBe(0);
  });
});
