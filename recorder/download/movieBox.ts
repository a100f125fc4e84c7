import { concat } from '#engine/media';
import { box, bytes, fullBox, text, u16, u32, u64 } from '../hls/fmp4/boxes.ts';
import type { Chunk, TrackLayout } from './TrackLayout.ts';

/** Ticks per second of the whole file: `mvhd`, `tkhd` and `elst`. Durations of 49 days fit into 32 bits. */
const movieTimescale = 1000;
/** ISO/IEC 14496-12 §8.2.2: no rotation, no scaling. */
const unityMatrix = concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));
/** The brands that ffmpeg writes: old players check them. */
export const fileTypeBox = box('ftyp', text('isom'), u32(0x200), text('isom'), text('iso2'), text('avc1'), text('mp41'));
const undetermined = 0x55c4;

export interface LaidOutTrack {
  layout: TrackLayout;
  /** Where each chunk begins in the file. */
  chunkOffsets: readonly number[];
}

/** The `moov` of a progressive file (ISO/IEC 14496-12 §8.2). Its size does not depend on the offsets, unless `isLarge` changes. */
export function movieBox(tracks: readonly LaidOutTrack[], isLarge: boolean): Uint8Array {
  const durationMs = Math.max(...tracks.map(({ layout }) => durationMsOf(layout)));
  const mvhd = fullBox('mvhd', {}, u32(0), u32(0), u32(movieTimescale), u32(durationMs), u32(0x10000), u16(0x100), new Uint8Array(10), unityMatrix, new Uint8Array(24), u32(tracks.length + 1));
  return box('moov', mvhd, ...tracks.map((track, index) => trackBox(track, index + 1, isLarge)));
}

/** The presentation of video is as long as its samples, as their composition offsets contain the media time; that of audio is shorter. */
function durationMsOf({ headers, tables, timescale, mediaTimeTicks }: TrackLayout): number {
  const cutTicks = headers[0]?.kind === 'audio' ? mediaTimeTicks : 0;
  return Math.round((Math.max(0, tables.endTicks - cutTicks) * movieTimescale) / timescale);
}

function trackBox({ layout, chunkOffsets }: LaidOutTrack, trackId: number, isLarge: boolean): Uint8Array {
  const { headers, mediaTimeTicks, tables, timescale } = layout;
  const isVideo = headers[0]?.kind === 'video';
  const size = [Math.max(...headers.map(({ widthPx }) => widthPx)), Math.max(...headers.map(({ heightPx }) => heightPx))].map((px) => u32(px * 0x10000));
  const durationMs = durationMsOf(layout);
  const isEnabledInMovie = 3;
  const tkhd = fullBox('tkhd', { flags: isEnabledInMovie }, u32(0), u32(0), u32(trackId), u32(0), u32(durationMs), new Uint8Array(8), u16(0), u16(0), u16(isVideo ? 0 : 0x100), u16(0), unityMatrix, ...size);
  const edits = mediaTimeTicks > 0 ? [box('edts', fullBox('elst', {}, u32(1), u32(durationMs), u32(mediaTimeTicks), u32(0x10000)))] : [];
  const isLong = tables.endTicks >= 2 ** 32;
  const mdhd = isLong
    ? fullBox('mdhd', { version: 1 }, u64(0), u64(0), u32(timescale), u64(tables.endTicks), u16(undetermined), u16(0))
    : fullBox('mdhd', {}, u32(0), u32(0), u32(timescale), u32(tables.endTicks), u16(undetermined), u16(0));
  const hdlr = fullBox('hdlr', {}, u32(0), text(isVideo ? 'vide' : 'soun'), new Uint8Array(12), text('Lectern\0'));
  const mediaHeader = isVideo ? fullBox('vmhd', { flags: 1 }, new Uint8Array(8)) : fullBox('smhd', {}, u32(0));
  const dinf = box('dinf', fullBox('dref', {}, u32(1), fullBox('url ', { flags: 1 })));
  const stsd = fullBox('stsd', {}, u32(layout.entries.length), ...layout.entries);
  const stbl = box('stbl', stsd, ...tables.boxes(), sampleToChunk(layout.chunks), chunkOffsetBox(chunkOffsets, isLarge));
  return box('trak', tkhd, ...edits, box('mdia', mdhd, hdlr, box('minf', mediaHeader, dinf, stbl)));
}

/** ISO/IEC 14496-12 §8.7.4: an entry for each chunk that differs from the one before. */
function sampleToChunk(chunks: readonly Chunk[]): Uint8Array {
  const entries: Uint8Array[] = [];
  let last: Chunk | undefined;
  for (const [index, chunk] of chunks.entries()) {
    if (chunk.sampleCount !== last?.sampleCount || chunk.entry !== last.entry) entries.push(u32(index + 1), u32(chunk.sampleCount), u32(chunk.entry));
    last = chunk;
  }
  return fullBox('stsc', {}, u32(entries.length / 3), ...entries);
}

/** ISO/IEC 14496-12 §8.7.5. */
function chunkOffsetBox(offsets: readonly number[], isLarge: boolean): Uint8Array {
  const table = new DataView(new ArrayBuffer(offsets.length * (isLarge ? 8 : 4)));
  offsets.forEach((offset, index) => (isLarge ? table.setBigUint64(index * 8, BigInt(offset)) : table.setUint32(index * 4, offset)));
  return fullBox(isLarge ? 'co64' : 'stco', {}, u32(offsets.length), new Uint8Array(table.buffer));
}

/** The head of an `mdat` with this content. Its size has 64 bits when it needs them. */
export function mediaDataHead(contentBytes: number, isLarge: boolean): Uint8Array {
  if (!isLarge) return concat([u32(contentBytes + 8), text('mdat')]);
  return concat([bytes(0, 0, 0, 1), text('mdat'), u64(contentBytes + 16)]);
}
