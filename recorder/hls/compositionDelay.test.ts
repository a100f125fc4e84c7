import { describe, expect, it } from 'vitest';
import { parseAvcConfig } from '#engine/media';
import { audioFormat, videoFormat } from '../testing/frames.ts';
import { compositionDelay } from './compositionDelay.ts';

/** With max_num_reorder_frames 2. */
const obsFormat = parseAvcConfig(Buffer.from('0164002affe1001b6764002aacd940780227e5c044000003000400000301e03c60c65801000668ebe3cb22c0fdf8f800', 'hex')).format;
const samples = (...compositionOffsets: number[]) => compositionOffsets.map((compositionOffsetTicks) => ({ compositionOffsetTicks, durationTicks: 1500, isKeyframe: false, data: new Uint8Array(1) }));

describe('compositionDelay', () => {
  it('is 0 without B-frames', () => {
    expect(compositionDelay({ format: videoFormat(), samples: samples(0, 0, 0), isFiller: false })).toBe(0);
    expect(compositionDelay({ format: audioFormat(), samples: samples(0), isFiller: false })).toBe(0);
  });

  it('makes every composition offset of the segment positive', () => {
    expect(compositionDelay({ format: videoFormat(), samples: samples(0, 4500, -1500, -3000), isFiller: false })).toBe(3000);
  });

  it('leaves room for as many reordered frames as the parameter set allows', () => {
    expect(compositionDelay({ format: obsFormat, samples: samples(0, 0, 0), isFiller: false })).toBe(3000);
  });

  it('is that of the source, which a first frame that is shown for seconds does not change', () => {
    const [still] = samples(0);
    const waiting = { format: obsFormat, samples: still ? [{ ...still, durationTicks: 5 * 90_000 }] : [], isFiller: true };
    expect(compositionDelay({ ...waiting, sourceDelayTicks: 3000 })).toBe(3000);
    expect(compositionDelay(waiting)).toBe(6000);
  });
});
