import { describe, expect, it } from 'vitest';
import { aacLcFormat, parseAudioConfig } from './parseAudioConfig.ts';

describe('parseAudioConfig', () => {
  it('reads AAC-LC', () => {
    expect(parseAudioConfig(Buffer.from('1190', 'hex'))).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 48_000, channelCount: 2 });
    expect(parseAudioConfig(Buffer.from('120856e500', 'hex'))).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 44_100, channelCount: 1 });
  });

  it('reports the rate that is heard when spectral band replication is signalled, in front or behind', () => {
    expect(parseAudioConfig(Buffer.from('2b118800', 'hex'))).toMatchObject({ codecString: 'mp4a.40.5', sampleRateHz: 48_000, channelCount: 2 });
    expect(parseAudioConfig(Buffer.from('131056e598', 'hex'))).toMatchObject({ codecString: 'mp4a.40.5', sampleRateHz: 48_000, channelCount: 2 });
  });

  it('reads a rate that is written out', () => {
    expect(parseAudioConfig(Buffer.from('17805dc010', 'hex'))).toMatchObject({ sampleRateHz: 48_000, channelCount: 2 });
  });

  it('refuses what browsers do not play, and what is cut short', () => {
    expect(() => parseAudioConfig(Buffer.from('0990', 'hex'))).toThrow('object type 1');
    expect(() => parseAudioConfig(Buffer.from('11', 'hex'))).toThrow(RangeError);
  });
});

describe('aacLcFormat', () => {
  it('makes what encoders make', () => {
    expect(Buffer.from(aacLcFormat({ sampleRateHz: 48_000, channelCount: 2 })?.decoderConfig ?? []).toString('hex')).toBe('1190');
    expect(aacLcFormat({ sampleRateHz: 44_100, channelCount: 1 })).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 44_100, channelCount: 1 });
    expect(aacLcFormat({ sampleRateHz: 47_999, channelCount: 2 })).toBeUndefined();
  });
});
