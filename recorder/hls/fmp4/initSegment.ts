import { concat } from '#engine/media';
import type { AudioFormat, TrackFormat, VideoFormat } from '#engine/media';
import { box, bytes, fullBox, text, u16, u32 } from './boxes.ts';

/**
 * The timescale of all audio, whatever its sampling rate. Readers that keep the first `moov` of a playlist, such as ffmpeg,
 * keep its timescale when the audio format changes. Opus requires 48,000.
 */
export const audioTimescale = 48_000;

/** The timescale of a track: ticks per second. */
export function timescaleOf(format: TrackFormat): number {
  return format.kind === 'video' ? 90_000 : audioTimescale;
}

/** Every file has one track, and this is its id. */
export const trackId = 1;

/** ISO/IEC 14496-12 §8.2.2: no rotation, no scaling. */
const unityMatrix = concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));

/**
 * The CMAF header of a track: `ftyp` and a `moov` without samples (ISO/IEC 23000-19 §7.3.1). `compositionDelayTicks` is added to
 * the composition offsets of all samples of the track; an edit list takes it back.
 */
export function initSegment(format: TrackFormat, compositionDelayTicks = 0): Uint8Array {
  const ftyp = box('ftyp', text('iso6'), u32(1), text('iso6'), text('cmfc'), text('mp41'));
  return concat([ftyp, moov(format, compositionDelayTicks)]);
}

function moov(format: TrackFormat, compositionDelayTicks: number): Uint8Array {
  const mvhd = fullBox('mvhd', {}, u32(0), u32(0), u32(1000), u32(0), u32(0x10000), u16(0x100), new Uint8Array(10), unityMatrix, new Uint8Array(24), u32(trackId + 1));
  // One sample description; the other defaults are zero, because every `trun` has its own values.
  const trex = fullBox('trex', {}, u32(trackId), u32(1), u32(0), u32(0), u32(0));
  return box('moov', mvhd, trak(format, compositionDelayTicks), box('mvex', trex));
}

function trak(format: TrackFormat, compositionDelayTicks: number): Uint8Array {
  const isVideo = format.kind === 'video';
  const size = isVideo ? [u32(format.widthPx * 0x10000), u32(format.heightPx * 0x10000)] : [u32(0), u32(0)];
  const isEnabledInMovie = 3;
  const tkhd = fullBox('tkhd', { flags: isEnabledInMovie }, u32(0), u32(0), u32(trackId), u32(0), u32(0), new Uint8Array(8), u16(0), u16(0), u16(isVideo ? 0 : 0x100), u16(0), unityMatrix, ...size);
  return box('trak', tkhd, ...(compositionDelayTicks > 0 ? [edits(compositionDelayTicks)] : []), mdia(format));
}

/** One edit from this media time on, to the end of the last fragment (ISO/IEC 14496-12 §8.6.6, ISO/IEC 23000-19 §7.5.13). */
function edits(mediaTimeTicks: number): Uint8Array {
  const toTheEnd = 0;
  const atNormalRate = 0x10000;
  return box('edts', fullBox('elst', {}, u32(1), u32(toTheEnd), u32(mediaTimeTicks), u32(atNormalRate)));
}

function mdia(format: TrackFormat): Uint8Array {
  const isVideo = format.kind === 'video';
  const undetermined = 0x55c4;
  const mdhd = fullBox('mdhd', {}, u32(0), u32(0), u32(timescaleOf(format)), u32(0), u16(undetermined), u16(0));
  const hdlr = fullBox('hdlr', {}, u32(0), text(isVideo ? 'vide' : 'soun'), new Uint8Array(12), text('Lectern\0'));
  const mediaHeader = isVideo ? fullBox('vmhd', { flags: 1 }, new Uint8Array(8)) : fullBox('smhd', {}, u32(0));
  const dinf = box('dinf', fullBox('dref', {}, u32(1), fullBox('url ', { flags: 1 })));
  const stsd = fullBox('stsd', {}, u32(1), isVideo ? avc1(format) : audioSampleEntry(format));
  const stbl = box('stbl', stsd, fullBox('stts', {}, u32(0)), fullBox('stsc', {}, u32(0)), fullBox('stsz', {}, u32(0), u32(0)), fullBox('stco', {}, u32(0)));
  return box('mdia', mdhd, hdlr, box('minf', mediaHeader, dinf, stbl));
}

/** ISO/IEC 14496-15 §5.4.2.1 */
function avc1(format: VideoFormat): Uint8Array {
  const dpi72 = u32(0x480000);
  return box(
    'avc1',
    new Uint8Array(6), u16(1), new Uint8Array(16),
    u16(format.widthPx), u16(format.heightPx), dpi72, dpi72, u32(0), u16(1),
    new Uint8Array(32), u16(24), u16(0xffff),
    box('avcC', format.decoderConfig),
  );
}

function audioSampleEntry(format: AudioFormat): Uint8Array {
  const rate = format.codec === 'opus' ? 48_000 : format.sampleRateHz;
  // 16.16 fixed point: rates above 65535 Hz do not fit, and decoders take theirs from the decoder config.
  const fixedRate = rate < 0x10000 ? u32(rate * 0x10000) : u32(0);
  const head = [new Uint8Array(6), u16(1), new Uint8Array(8), u16(format.channelCount), u16(16), u32(0), fixedRate];
  return format.codec === 'opus' ? box('Opus', ...head, box('dOps', format.decoderConfig)) : box('mp4a', ...head, esds(format));
}

/** ISO/IEC 14496-1 §7.2.6: ES_Descriptor › DecoderConfigDescriptor › DecoderSpecificInfo, and an SLConfigDescriptor. */
function esds(format: AudioFormat): Uint8Array {
  const mpeg4Audio = 0x40;
  const audioStream = 0x15;
  const specific = descriptor(5, format.decoderConfig);
  const decoder = descriptor(4, concat([bytes(mpeg4Audio, audioStream, 0, 0, 0), u32(0), u32(0), specific]));
  const forMp4 = descriptor(6, bytes(2));
  return fullBox('esds', {}, descriptor(3, concat([u16(trackId), bytes(0), decoder, forMp4])));
}

function descriptor(tag: number, content: Uint8Array): Uint8Array {
  const length = content.length;
  return concat([bytes(tag, 0x80 | ((length >>> 21) & 127), 0x80 | ((length >>> 14) & 127), 0x80 | ((length >>> 7) & 127), length & 127), content]);
}
