import { expect, it } from 'vitest';
import { lengthPrefixed } from '#engine/media';
import { audioFormat, videoFormat } from '../../testing/frames.ts';
import { withoutRecoveryPoints } from './recoveryPoints.ts';

/** recovery_frame_cnt 0, exact_match_flag 1; alone, and before a message of user data. */
const recoveryPoint = [0x06, 6, 1, 0xc4, 0x80];
const withUserData = [0x06, 6, 1, 0xc4, 5, 2, 7, 7, 0x80];
const userData = [0x06, 5, 2, 7, 7, 0x80];
const slice = [0x41, 0x9a, 1, 2];
const sample = (isKeyframe: boolean, ...units: number[][]) => ({ durationTicks: 1, compositionOffsetTicks: 0, isKeyframe, data: lengthPrefixed(units.map((unit) => Uint8Array.from(unit))) });

it('removes recovery points from frames that are no keyframes, and nothing else', () => {
  const [alone, shared, keyframe] = [sample(false, recoveryPoint, slice), sample(false, withUserData, slice), sample(true, recoveryPoint, slice)];
  expect(withoutRecoveryPoints(videoFormat(), [alone, shared, keyframe])).toEqual([sample(false, slice), sample(false, userData, slice), keyframe]);
});

it('leaves frames without a recovery point as they are, and damaged ones', () => {
  const damaged = { ...sample(false, slice), data: Uint8Array.of(0, 0, 0, 99, 0x06, 6, 1) };
  const samples = [sample(false, slice), sample(false, userData, slice), sample(false, [0x06, 6, 200, 1], slice), sample(false, slice, recoveryPoint), damaged];
  const passed = withoutRecoveryPoints(videoFormat(), samples);
  for (const [index, one] of passed.entries()) expect(one).toBe(samples[index]);
  const sound = [sample(false, recoveryPoint)];
  expect(withoutRecoveryPoints(audioFormat(), sound)).toBe(sound);
});
