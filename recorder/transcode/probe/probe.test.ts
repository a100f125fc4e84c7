import { describe, expect, it } from 'vitest';
import { containerOf } from './containerOf.ts';
import { outputRate, perSecond } from './frameRates.ts';
import { PacketScan } from './PacketScan.ts';
import { ProbeOutput } from './probeOutput.ts';
import { profileSource, requireReadable } from './profileSource.ts';

const head = (...parts: (string | number[])[]) => Buffer.concat([...parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))), Buffer.alloc(1000)]);
const file = { container: 'MP4', bytes: 1000 };

describe('The container of a file', () => {
  it('is found by its content', () => {
    expect(containerOf(head([0, 0, 0, 24], 'ftypisom'))?.demuxer).toBe('mov');
    expect(containerOf(head([0x1a, 0x45, 0xdf, 0xa3]))?.demuxer).toBe('matroska');
    expect(containerOf(head('RIFF', [9, 9, 9, 9], 'AVI LIST'))?.demuxer).toBe('avi');
    expect(containerOf(head('RIFF', [9, 9, 9, 9], 'WAVEfmt '))?.demuxer).toBe('wav');
    const packets = Buffer.alloc(1000);
    for (let packet = 0; packet < 5; packet += 1) packets[packet * 188] = 0x47;
    expect(containerOf(packets)?.demuxer).toBe('mpegts');
    expect(containerOf(head([0xff, 0xf1, 0x50]))?.demuxer).toBe('aac');
    expect(containerOf(head([0xff, 0xfb, 0x90]))?.demuxer).toBe('mp3');
  });

  it('is unknown for playlists, scripts, images, archives and text', () => {
    const others = ['#EXTM3U\n#EXT-X-VERSION:3', 'ffconcat version 1.0\nfile x', '<svg xmlns="http://www.w3.org/2000/svg">', '<?xml version="1.0"?><MPD>', 'v=0\r\no=- 0 0 IN IP4', 'PK\x03\x04', '\x89PNG\r\n\x1a\n', 'GIF89a', 'RIFF....WEBP', '\xff\xd8\xff\xe0', '[Script Info]', 'GG', ''];
    for (const text of others) expect(containerOf(head(text)), text).toBeUndefined();
    expect(containerOf(Buffer.alloc(0))).toBeUndefined();
  });
});

describe('The frame rate of renditions', () => {
  it('is that of the source, at most 60', () => {
    expect(outputRate(29.97, false)).toEqual({ num: 30000, den: 1001 });
    expect(outputRate(30, false)).toEqual({ num: 30, den: 1 });
    expect(perSecond(outputRate(120, false))).toBe(60);
    expect(perSecond(outputRate(100, false))).toBe(50);
    expect(perSecond(outputRate(12.5, false))).toBe(12.5);
    expect(perSecond(outputRate(0.2, false))).toBe(1);
  });

  it('of variable frame rate is the next usual one', () => {
    expect(perSecond(outputRate(27, true))).toBeCloseTo(29.97, 2);
    expect(perSecond(outputRate(144, true))).toBe(60);
    expect(perSecond(outputRate(NaN, true))).toBe(25);
  });
});

describe('The packets of a file', () => {
  it('tell the length, the keyframes and the frame rate, also in pieces', () => {
    const scan = new PacketScan([0]);
    const lines = Array.from({ length: 100 }, (_, index) => `0,${(index / 25).toFixed(6)},${(index / 25).toFixed(6)},0.040000,${index % 50 === 0 ? 'K_' : '__'}\n`).join('');
    for (let at = 0; at < lines.length; at += 7) scan.add(lines.slice(at, at + 7));
    const track = scan.result().get(0);
    expect(track).toMatchObject({ packets: 100, startSeconds: 0, endSeconds: 4, keyframes: [0, 2], irregularShare: 0 });
    expect(track?.usualStepMs).toBeCloseTo(40, 3);
  });

  it('have a constant frame rate if only a container has rounded their times', () => {
    const scan = new PacketScan([0]);
    for (let index = 0; index < 300; index += 1) scan.add(`0,${(Math.round((index * 1001) / 30) / 1000).toFixed(3)},N/A,N/A,__\n`);
    expect(scan.result().get(0)?.irregularShare).toBe(0);
    expect(perSecond(outputRate(1000 / (scan.result().get(0)?.usualStepMs ?? 0), false))).toBeCloseTo(29.97, 2);
  });

  it('have a variable one if frames are missing', () => {
    const scan = new PacketScan([0]);
    for (let index = 0; index < 300; index += 1) if (index % 5 !== 0) scan.add(`0,${(index / 30).toFixed(6)},${(index / 30).toFixed(6)},0.033,__\n`);
    expect(scan.result().get(0)?.irregularShare).toBeGreaterThan(0.1);
  });

  it('may be nonsense', () => {
    const scan = new PacketScan([0]);
    scan.add('x\n,,,\n0,N/A,N/A,N/A,\n\n0,inf,nan,1,K_\n');
    expect(scan.result().size).toBe(0);
  });
});

const probe = (streams: object[], format: object = {}) => ProbeOutput.parse({ streams, format });
const track = (change: object = {}) => ({ packets: 100, startSeconds: 0, endSeconds: 4, keyframes: [0, 2], usualStepMs: 40, irregularShare: 0, ...change });
const video = { index: 0, codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080, pix_fmt: 'yuv420p', avg_frame_rate: '25/1' };
const audio = { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, sample_rate: '48000' };

describe('The profile of a source', () => {
  it('takes the length from the packets, and starts at the first of them', () => {
    const profile = profileSource(probe([video, audio], { duration: '99999' }), new Map([[0, track({ startSeconds: 1.5, endSeconds: 5.5, keyframes: [1.5, 3.5] })], [1, track({ startSeconds: 1.4, endSeconds: 6 })]]), file);
    expect(profile.durationSeconds).toBeCloseTo(4.6);
    expect(profile.video?.startSeconds).toBeCloseTo(0.1);
    expect(profile.video?.keyframes[1]).toBeCloseTo(2.1);
  });

  it('turns rotated video, and makes its pixels square', () => {
    const turned = profileSource(probe([{ ...video, side_data_list: [{ side_data_type: 'Display Matrix', rotation: -90 }] }]), new Map([[0, track()]]), file);
    expect(turned.video).toMatchObject({ widthPx: 1080, heightPx: 1920, rotation: -90 });
    const wide = profileSource(probe([{ ...video, width: 720, height: 576, sample_aspect_ratio: '64:45' }]), new Map([[0, track()]]), file);
    expect(wide.video).toMatchObject({ widthPx: 1024, heightPx: 576, hasSquarePixels: false });
  });

  it('has no cover image as video, and the default audio first', () => {
    const cover = { ...video, codec_name: 'mjpeg', disposition: { attached_pic: 1 } };
    const profile = profileSource(probe([cover, { ...audio, tags: { language: 'eng' } }, { ...audio, index: 2, disposition: { default: 1 }, tags: { language: 'spa' } }]), new Map([[0, track()], [1, track()], [2, track()]]), file);
    expect(profile.video).toBeNull();
    expect(profile.audio.map(({ language }) => language)).toEqual(['es', 'en']);
  });

  it('is refused with a reason that a person understands', () => {
    const refusal = (what: () => unknown): unknown => {
      try {
        return what();
      } catch (err) {
        return (err as { code: string }).code;
      }
    };
    expect(refusal(() => requireReadable(probe([])))).toBe('video.noTracks');
    expect(refusal(() => requireReadable(probe([{ ...video, codec_tag_string: 'encv' }])))).toBe('video.encrypted');
    expect(refusal(() => requireReadable(probe([{ ...video, width: 30_000, height: 200 }])))).toBe('video.tooLarge');
    expect(refusal(() => profileSource(probe([video]), new Map(), file))).toBe('video.damaged');
    expect(refusal(() => profileSource(probe([video]), new Map([[0, track({ endSeconds: 100_000 })]]), file))).toBe('video.tooLong');
    expect(refusal(() => profileSource(probe([video]), new Map([[0, track({ endSeconds: 80_000, packets: 3 })]]), file))).toBe('video.damaged');
  });
});
