import { expect, it } from 'vitest';
import type { VideoFormat } from '#engine/media';
import { withParameterSets } from './parameterSets.ts';

const sps = [0x67, 1, 2, 3];
const pps = [0x68, 9];
const format: VideoFormat = {
  kind: 'video',
  codec: 'h264',
  codecString: 'avc1.64001f',
  decoderConfig: Uint8Array.from([1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, sps.length, ...sps, 1, 0, pps.length, ...pps]),
  widthPx: 640,
  heightPx: 360,
};
const sample = (isKeyframe: boolean) => ({ durationTicks: 1, compositionOffsetTicks: 0, isKeyframe, data: Uint8Array.of(0, 0, 0, 1, 0x65) });

it('repeats both parameter sets before a keyframe, and nothing before other frames', () => {
  const [keyframe, other] = withParameterSets(format, [sample(true), sample(false)]);
  expect([...(keyframe?.data ?? [])]).toEqual([0, 0, 0, 4, ...sps, 0, 0, 0, 2, ...pps, 0, 0, 0, 1, 0x65]);
  expect(other).toEqual(sample(false));
});

it('leaves keyframes unchanged when the record is truncated', () => {
  for (const bytes of [1, 12]) {
    const short = { ...format, decoderConfig: format.decoderConfig.subarray(0, bytes) };
    expect(withParameterSets(short, [sample(true)])).toEqual([sample(true)]);
  }
});
