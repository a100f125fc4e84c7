import { describe, expect, it } from 'vitest';
import type { TrackSource } from '#engine/contract';
import { isVideoOff, planStage } from './stagePlan.ts';

const track = (source: TrackSource, kind: 'video' | 'audio' = 'video', isPaused = false) => ({ publication: { source, kind, isPaused } });

describe('the plan of the stage', () => {
  it('shows the screen large and the camera small, in any order', () => {
    const camera = track('camera');
    const screen = track('screen');
    expect(planStage([camera, screen], false)).toMatchObject({ main: screen, inset: camera });
  });

  it('swaps them', () => {
    const camera = track('camera');
    const screen = track('screen');
    expect(planStage([camera, screen], true)).toMatchObject({ main: camera, inset: screen });
  });

  it('shows the only video large, swapped or not', () => {
    const program = track('program');
    expect(planStage([program], true)).toMatchObject({ main: program, inset: undefined });
  });

  it('leaves out a paused video and plays every audio track', () => {
    const microphone = track('microphone', 'audio', true);
    expect(planStage([track('camera', 'video', true), microphone], false)).toEqual({ main: undefined, inset: undefined, audioTracks: [microphone] });
  });
});

describe('the video', () => {
  const { publication: camera } = track('camera');
  const { publication: pausedCamera } = track('camera', 'video', true);
  const { publication: microphone } = track('microphone', 'audio');

  it('is off when the camera is turned off or paused and the microphone is not', () => {
    expect(isVideoOff([microphone])).toBe(true);
    expect(isVideoOff([pausedCamera, microphone])).toBe(true);
  });

  it('is not off while a published video has not arrived, or after every track is lost', () => {
    expect(isVideoOff([camera, microphone])).toBe(false);
    expect(isVideoOff([])).toBe(false);
  });
});
