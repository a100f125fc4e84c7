import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { behindLiveSeconds, isAtLiveEdge } from './liveEdge.ts';

const at = (positionSeconds: number, durationSeconds: number) => ({ positionSeconds: signal(positionSeconds), durationSeconds: signal(durationSeconds) });

it('has neither caught up nor fallen behind before its duration is known', () => {
  expect([behindLiveSeconds(at(0, 0)), isAtLiveEdge(at(0, 0))]).toEqual([undefined, false]);
});

it('has caught up a few seconds behind the end of the recording', () => {
  expect([behindLiveSeconds(at(590, 600)), isAtLiveEdge(at(590, 600))]).toEqual([10, true]);
  expect([behindLiveSeconds(at(601, 600)), isAtLiveEdge(at(601, 600))]).toEqual([0, true]);
});

it('is behind three minutes before the end', () => {
  expect([behindLiveSeconds(at(420, 600)), isAtLiveEdge(at(420, 600))]).toEqual([180, false]);
});
