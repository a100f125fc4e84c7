import { describe, expect, it } from 'vitest';
import { BitWriter } from '../bits/BitWriter.ts';
import { aacFrames, aacLcFormat, parseAudioConfig } from './parseAudioConfig.ts';

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

  const withProgram = (elements: { front: (0 | 1)[]; side?: (0 | 1)[]; back?: (0 | 1)[]; lfe?: number }) => {
    const { front, side = [], back = [], lfe = 0 } = elements;
    const bits = new BitWriter().bits(2, 5).bits(3, 4).bits(0, 4).bits(0, 3);
    bits.bits(0, 4).bits(1, 2).bits(3, 4).bits(front.length, 4).bits(side.length, 4).bits(back.length, 4).bits(lfe, 2).bits(0, 3 + 4 + 3);
    for (const [tag, isPair] of [...front, ...side, ...back].entries()) bits.bits(isPair, 1).bits(tag, 4);
    for (let tag = 0; tag < lfe; tag += 1) bits.bits(tag, 4);
    return bits.align().bits(0, 8).bytes();
  };

  it.each([
    { what: 'mono', program: { front: [0 as const] }, channelCount: 1, config: '1188' },
    { what: 'stereo', program: { front: [1 as const] }, channelCount: 2, config: '1190' },
    { what: '5.1', program: { front: [0 as const, 1 as const], back: [1 as const], lfe: 1 }, channelCount: 6, config: '11b0' },
    { what: '5.1 with side channels', program: { front: [0 as const, 1 as const], side: [1 as const], lfe: 1 }, channelCount: 6, config: '11b0' },
  ])('reads channel configuration 0 with a program of $what, and writes the number of that layout', ({ program, channelCount, config }) => {
    const format = parseAudioConfig(withProgram(program));
    expect(format).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 48_000, channelCount });
    expect(Buffer.from(format.decoderConfig).toString('hex')).toBe(config);
  });

  it('throws for channels in an order that browsers do not know, for reserved configurations and for short frames', () => {
    expect(() => parseAudioConfig(withProgram({ front: [1], back: [1] }))).toThrow('its 4 channels are not in a usual order; use stereo');
    expect(() => parseAudioConfig(Buffer.from('11f8', 'hex'))).toThrow('reserved');
    expect(() => parseAudioConfig(Buffer.from('1194', 'hex'))).toThrow('960 samples');
    expect(() => parseAudioConfig(Buffer.from('118004', 'hex'))).toThrow(RangeError);
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
    expect(aacLcFormat({ sampleRateHz: 48_000, channelCount: 6 })).toMatchObject({ channelCount: 6 });
    expect(aacLcFormat({ sampleRateHz: 47_999, channelCount: 2 })).toBeUndefined();
    expect(aacLcFormat({ sampleRateHz: 48_000, channelCount: 7 })).toBeUndefined();
  });
});

describe('aacFrames', () => {
  const framesOf = (hex: string) => aacFrames(parseAudioConfig(Buffer.from(hex, 'hex')));

  it('counts the samples of a frame at the output rate', () => {
    expect([framesOf('1190'), framesOf('2b118800'), framesOf('131056e598')].map(({ samples }) => samples)).toEqual([1024, 2048, 2048]);
  });

  it('names the elements of a frame', () => {
    expect(framesOf('11b0').elements).toEqual(['single', 'pair', 'pair', 'lfe']);
  });
});
