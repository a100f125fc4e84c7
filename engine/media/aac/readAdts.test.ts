import { describe, expect, it } from 'vitest';
import { parseAudioConfig } from './parseAudioConfig.ts';
import { readAdts } from './readAdts.ts';

/** AAC-LC, 48 kHz, stereo, a frame of 7 + 4 bytes. */
const header = [0xff, 0xf1, 0x4c, 0x80, 0x01, 0x7f, 0xfc];
const frame = [0x21, 0x10, 0x04, 0x60];

describe('readAdts', () => {
  it('separates the header from the frame, and derives the configuration', () => {
    const adts = readAdts(Uint8Array.from([...header, ...frame]));
    expect([...(adts?.payload ?? [])]).toEqual(frame);
    expect(parseAudioConfig(adts!.config)).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 48_000, channelCount: 2 });
  });

  it('skips a checksum', () => {
    const bytes = [...header, 0xaa, 0xbb, ...frame];
    bytes[1] = 0xf0;
    bytes[4] = bytes.length >> 3;
    bytes[5] = ((bytes.length & 7) << 5) | 0x1f;
    expect([...(readAdts(Uint8Array.from(bytes))?.payload ?? [])]).toEqual(frame);
  });

  it.each([
    ['a frame without a header', frame],
    ['a header alone', header],
    ['a frame that ends early', [...header, ...frame.slice(1)]],
    ['nothing', []],
  ])('reads no ADTS from %s', (_, bytes) => {
    expect(readAdts(Uint8Array.from(bytes))).toBeUndefined();
  });
});
