import { describe, expect, it } from 'vitest';
import { aacLcFormat, parseAudioConfig } from './parseAudioConfig.ts';

describe('parseAudioConfig', () => {
  it('reads AAC-LC', () => {
    expect(parseAudioConfig(Buffer.from('1190', 'hex'))).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 48_000, channelCount: 2 });
    expect(parseAudioConfig(Buffer.from('120856e500', 'hex'))).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 44_100, channelCount: 1 });
  });

  it('reports the output rate when SBR is signalled, explicitly or backward-compatibly', () => {
    expect(parseAudioConfig(Buffer.from('2b118800', 'hex'))).toMatchObject({ codecString: 'mp4a.40.5', sampleRateHz: 48_000, channelCount: 2 });
    expect(parseAudioConfig(Buffer.from('131056e598', 'hex'))).toMatchObject({ codecString: 'mp4a.40.5', sampleRateHz: 48_000, channelCount: 2 });
  });

  it('reads an explicit sample rate', () => {
    expect(parseAudioConfig(Buffer.from('17805dc010', 'hex'))).toMatchObject({ sampleRateHz: 48_000, channelCount: 2 });
  });

  it('throws for an object type that browsers do not play and for bytes that end early', () => {
    expect(() => parseAudioConfig(Buffer.from('0990', 'hex'))).toThrow('object type 1');
    expect(() => parseAudioConfig(Buffer.from('11', 'hex'))).toThrow(RangeError);
  });
});

describe('aacLcFormat', () => {
  it('builds the configuration that encoders send', () => {
    expect(Buffer.from(aacLcFormat({ sampleRateHz: 48_000, channelCount: 2 })?.decoderConfig ?? []).toString('hex')).toBe('1190');
    expect(aacLcFormat({ sampleRateHz: 44_100, channelCount: 1 })).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 44_100, channelCount: 1 });
    expect(aacLcFormat({ sampleRateHz: 47_999, channelCount: 2 })).toBeUndefined();
  });
});
