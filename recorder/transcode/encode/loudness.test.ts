import { describe, expect, it } from 'vitest';
import { limiterPeakDb, loudnessLufs, maxGainDb } from '../limits.ts';
import { loudnessFilters, readLoudness } from './loudness.ts';

const summary = (lufs: string, peak: string) => `[Parsed_ebur128_0 @ 0x1] Summary:\n\n  Integrated loudness:\n    I:         ${lufs} LUFS\n    Threshold: -33.0 LUFS\n\n  Loudness range:\n    LRA:         1.0 LU\n\n  True peak:\n    Peak:       ${peak} dBFS\n`;

describe('Loudness', () => {
  it('is read from what ffmpeg measures', () => {
    expect(readLoudness(summary('-23.0', '-4.2'))).toEqual({ lufs: -23, truePeakDb: -4.2 });
  });

  it('of silence, and of nothing, is unknown', () => {
    for (const text of [summary('-70.0', '-inf'), summary('nan', '-inf'), summary('-inf', '-90.0'), '']) expect(readLoudness(text)).toBeUndefined();
    expect(loudnessFilters(undefined)).toEqual(['anull']);
  });

  it('becomes the wanted one by one gain, and is limited only where peaks would be too high', () => {
    expect(loudnessFilters({ lufs: -23, truePeakDb: -12 })).toEqual([`volume=${(loudnessLufs + 23).toFixed(2)}dB:precision=float`]);
    expect(loudnessFilters({ lufs: -10, truePeakDb: 0 })).toEqual(['volume=-6.00dB:precision=float']);
    expect(loudnessFilters({ lufs: -23, truePeakDb: limiterPeakDb - 6.9 }).join()).toContain('alimiter');
  });

  it('of a quiet room is not raised without a bound', () => {
    expect(loudnessFilters({ lufs: -65, truePeakDb: -60 })).toEqual([`volume=${maxGainDb.toFixed(2)}dB:precision=float`]);
  });
});
