import { describe, expect, it } from 'vitest';
import { buildAvcConfig, parseAvcConfig } from './AvcConfig.ts';

/** Records written by x264. */
const records = {
  obsFullHd60: '0164002affe1001b6764002aacd940780227e5c044000003000400000301e03c60c65801000668ebe3cb22c0fdf8f800',
  zerolatency720p30: '0142c01fffe100196742c01fd9005005bb0110000003001000000303c8f183248001000568cb83cb20',
  fullColour480p2997: '01f4001fffe1001967f4001f919b281b07bc5f808800001f480007530078c18cb001000668ebe3c44844fff8f800',
  interlaced1080i25: '01640028ffe1001a67640028acd94078044fde0220000003002000000643e2c5b2c001000668fba3cb22c0fdf8f800',
} as const;
const record = (name: keyof typeof records) => Buffer.from(records[name], 'hex');

describe('parseAvcConfig', () => {
  it('reads size, cropping, frame rate and reordering of 1920x1080 at 60 fps', () => {
    const { format, sps, lengthSize } = parseAvcConfig(record('obsFullHd60'));
    expect(format).toMatchObject({ codec: 'h264', codecString: 'avc1.64002a', widthPx: 1920, heightPx: 1080 });
    expect(sps).toMatchObject({ frameRate: 60, reorderFrames: 2, isInterlaced: false, isYuv420p: true });
    expect(lengthSize).toBe(4);
  });

  it('reads that a zerolatency source reorders no frames', () => {
    const { format, sps } = parseAvcConfig(record('zerolatency720p30'));
    expect(format).toMatchObject({ codecString: 'avc1.42c01f', widthPx: 1280, heightPx: 720 });
    expect(sps).toMatchObject({ profileIdc: 66, frameRate: 30, reorderFrames: 0 });
  });

  it('reads 4:4:4, which is cropped by single pixels', () => {
    const { format, sps } = parseAvcConfig(record('fullColour480p2997'));
    expect(format).toMatchObject({ widthPx: 854, heightPx: 480 });
    expect(sps.isYuv420p).toBe(false);
    expect(sps.frameRate).toBeCloseTo(29.97, 2);
  });

  it('reads the height of interlaced video, which includes both fields', () => {
    const { format, sps } = parseAvcConfig(record('interlaced1080i25'));
    expect(format).toMatchObject({ widthPx: 1920, heightPx: 1080 });
    expect(sps).toMatchObject({ isInterlaced: true, frameRate: 25 });
  });

  it('sets the length size of the decoder configuration to 4 bytes', () => {
    const short = record('obsFullHd60');
    short[4] = 0xfd;
    const { format, lengthSize } = parseAvcConfig(short);
    expect(lengthSize).toBe(2);
    expect(format.decoderConfig[4]).toBe(0xff);
  });

  it('throws a RangeError for every record that ends early', () => {
    const whole = record('obsFullHd60');
    for (let length = 0; length < whole.length - 4; length += 1) {
      expect(() => parseAvcConfig(whole.subarray(0, length))).toThrow(RangeError);
    }
  });
});

describe('buildAvcConfig', () => {
  const units = (hex: string) => [Uint8Array.from(Buffer.from(hex, 'hex'))];
  const baseline = { sps: '6742c01ed900a02ff970110000030001000003003c0f162e48', pps: '68cb83cb20' };
  const high = { sps: '67640028acd940780227e5c044000003000400000300f03c60c658', pps: '68ebe3cb22c0' };

  it('builds the codec string and the decoder configuration record', () => {
    const { format } = buildAvcConfig({ spsUnits: units(baseline.sps), ppsUnits: units(baseline.pps) });
    expect(format).toMatchObject({ kind: 'video', codec: 'h264', codecString: 'avc1.42c01e', widthPx: 640, heightPx: 360 });
    expect(Buffer.from(format.decoderConfig).toString('hex')).toBe(`0142c01effe10019${baseline.sps}010005${baseline.pps}`);
  });

  it('adds chroma format and bit depths for High profiles', () => {
    const { format } = buildAvcConfig({ spsUnits: units(high.sps), ppsUnits: units(high.pps) });
    expect(Buffer.from(format.decoderConfig).toString('hex')).toBe(`01640028ffe1001b${high.sps}010006${high.pps}fdf8f800`);
  });

  it.each(Object.keys(records) as (keyof typeof records)[])('rebuilds the record of %s from its parameter sets', (name) => {
    const { format, spsUnits, ppsUnits } = parseAvcConfig(record(name));
    expect(Buffer.from(buildAvcConfig({ spsUnits, ppsUnits }).format.decoderConfig)).toEqual(Buffer.from(format.decoderConfig));
  });

  it('throws a RangeError when the SPS or PPS is missing', () => {
    expect(() => buildAvcConfig({ spsUnits: [], ppsUnits: units(high.pps) })).toThrow(RangeError);
    expect(() => buildAvcConfig({ spsUnits: units(high.sps), ppsUnits: [] })).toThrow(RangeError);
  });
});
