import type { Readable } from 'node:stream';
import { CodedError } from '#engine/contract';

/** The `ftyp` and `moov` of one track, and what they say. */
export interface InitSegment {
  bytes: Buffer;
  timescale: number;
  /** RFC 6381: `avc1.64001f`, `mp4a.40.2`. */
  codecString: string;
  widthPx: number | null;
  heightPx: number | null;
  channelCount: number | null;
}

/** A `moof` with its `mdat`, of one track. Times are ticks of the track. */
export interface Fragment {
  bytes: Buffer;
  durationTicks: number;
  sampleCount: number;
  /** How many bytes contain the first sample: what an I-frame playlist lists. */
  firstSampleBytes: number;
}

/** A fragment of ffmpeg is a keyframe interval. Larger ones are no media of ours. */
const maxBoxBytes = 256 * 2 ** 20;

/** Fragmented MP4 of one track, as ffmpeg writes it, box by box. `moof` and `mdat` come together; other boxes are left out. */
export async function* readFragments(stream: Readable | AsyncIterable<Buffer>): AsyncGenerator<{ init: InitSegment } | { fragment: Fragment }> {
  let head: Buffer[] = [];
  let moof: Buffer | undefined;
  for await (const box of readBoxes(stream)) {
    const type = typeOf(box);
    if (type === 'ftyp') head = [box];
    else if (type === 'moov') yield { init: readInit(Buffer.concat([...head, box])) };
    else if (type === 'moof') moof = box;
    else if (type === 'mdat' && moof) {
      yield { fragment: readFragment(Buffer.concat([moof, box]), moof.length) };
      moof = undefined;
    }
  }
}

/**
 * Moves a fragment on the timeline and counts it: `tfdt` is written, whatever it was (ISO/IEC 14496-12 §8.8.12). ffmpeg begins
 * each of its files with 0.
 */
export function placeFragment({ bytes }: Fragment, { decodeTimeTicks, sequence }: { decodeTimeTicks: number; sequence: number }): void {
  const moof = requireBox(boxesOf(bytes, 0, bytes.length), 'moof');
  const inside = boxesOf(bytes, moof.contentStart, moof.end);
  bytes.writeUInt32BE(sequence >>> 0, requireBox(inside, 'mfhd').contentStart + 4);
  const traf = requireBox(inside, 'traf');
  const tfdt = requireBox(boxesOf(bytes, traf.contentStart, traf.end), 'tfdt');
  if (bytes[tfdt.contentStart] !== 1) throw new Error('tfdt has no 64 bits');
  bytes.writeBigUInt64BE(BigInt(decodeTimeTicks), tfdt.contentStart + 4);
}

async function* readBoxes(stream: Readable | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pending.push(chunk);
    length += chunk.length;
    while (length >= 8) {
      if ((pending[0]?.length ?? 0) < 8) pending = [Buffer.concat(pending)];
      const size = pending[0]?.readUInt32BE(0) ?? 0;
      if (size < 8 || size > maxBoxBytes) throw new CodedError('video.damaged', 'The file is damaged: its media cannot be cut into segments.', { details: { size } });
      if (length < size) break;
      const joined = Buffer.concat(pending);
      yield joined.subarray(0, size);
      const rest = joined.subarray(size);
      [pending, length] = [rest.length > 0 ? [rest] : [], rest.length];
    }
  }
}

interface Box {
  type: string;
  start: number;
  contentStart: number;
  end: number;
}

const typeOf = (box: Buffer): string => box.toString('latin1', 4, 8);

function boxesOf(bytes: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to; ) {
    const size = bytes.readUInt32BE(start);
    if (size < 8 || start + size > to) break;
    boxes.push({ type: bytes.toString('latin1', start + 4, start + 8), start, contentStart: start + 8, end: start + size });
    start += size;
  }
  return boxes;
}

function requireBox(boxes: readonly Box[], type: string): Box {
  const found = boxes.find((box) => box.type === type);
  if (!found) throw new CodedError('video.damaged', `The file is damaged: ${type} is missing.`);
  return found;
}

function boxAt(bytes: Buffer, path: readonly string[]): Box {
  return path.reduce<Box>((within, type) => requireBox(boxesOf(bytes, within.contentStart, within.end), type), { type: '', start: 0, contentStart: 0, end: bytes.length });
}

const track = ['moov', 'trak', 'mdia'];
/** ISO/IEC 14496-12 §12.1.3, §12.2.3: bytes of a sample entry before the boxes in it. */
const [visualEntryBytes, audioEntryBytes] = [78, 28];

/** Reads the `ftyp` and `moov` of one track. */
export function readInit(bytes: Buffer): InitSegment {
  const mdhd = boxAt(bytes, [...track, 'mdhd']);
  const timescale = bytes.readUInt32BE(mdhd.contentStart + (bytes[mdhd.contentStart] === 1 ? 20 : 12));
  const stsd = boxAt(bytes, [...track, 'minf', 'stbl', 'stsd']);
  const entry = boxesOf(bytes, stsd.contentStart + 8, stsd.end)[0];
  if (!entry) throw new CodedError('video.damaged', 'The file is damaged: its track has no format.');
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    const avcC = requireBox(boxesOf(bytes, entry.contentStart + visualEntryBytes, entry.end), 'avcC');
    const codecString = `${entry.type}.${bytes.toString('hex', avcC.contentStart + 1, avcC.contentStart + 4)}`;
    return { bytes, timescale, codecString, widthPx: bytes.readUInt16BE(entry.contentStart + 24), heightPx: bytes.readUInt16BE(entry.contentStart + 26), channelCount: null };
  }
  return { bytes, timescale, codecString: entry.type === 'mp4a' ? aacCodec(bytes, entry) : entry.type, widthPx: null, heightPx: null, channelCount: bytes.readUInt16BE(entry.contentStart + 16) };
}

/** The object type is in the first five bits of the AudioSpecificConfig, which follows the descriptor tag 5. */
function aacCodec(bytes: Buffer, entry: Box): string {
  const esds = requireBox(boxesOf(bytes, entry.contentStart + audioEntryBytes, entry.end), 'esds');
  const at = bytes.indexOf(Buffer.from([5]), esds.contentStart + 4 + 20);
  // The length of the descriptor has up to four bytes, all but the last with the highest bit.
  let config = at + 1;
  while ((bytes[config] ?? 0) & 0x80) config += 1;
  const objectType = at < 0 || at >= esds.end ? 2 : (bytes[config + 1] ?? 0) >>> 3;
  return `mp4a.40.${objectType > 0 && objectType < 31 ? objectType : 2}`;
}

/** ISO/IEC 14496-12 §8.8.7, §8.8.8: which optional fields `tfhd` and `trun` have. */
const tfhd = { baseDataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10 };
const trun = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 };

function readFragment(bytes: Buffer, moofBytes: number): Fragment {
  const traf = boxAt(bytes, ['moof', 'traf']);
  const inside = boxesOf(bytes, traf.contentStart, traf.end);
  const defaults = readTfhd(bytes, requireBox(inside, 'tfhd'));
  let [durationTicks, sampleCount, firstSize] = [0, 0, 0];
  for (const run of inside.filter(({ type }) => type === 'trun')) {
    const read = readRun(bytes, run, defaults);
    durationTicks += read.durationTicks;
    if (sampleCount === 0) firstSize = read.firstSize;
    sampleCount += read.sampleCount;
  }
  return { bytes, durationTicks, sampleCount, firstSampleBytes: Math.min(bytes.length, moofBytes + 8 + firstSize) };
}

function readTfhd(bytes: Buffer, box: Box): { duration: number; size: number } {
  const flags = bytes.readUInt32BE(box.contentStart) & 0xffffff;
  let at = box.contentStart + 8 + (flags & tfhd.baseDataOffset ? 8 : 0) + (flags & tfhd.description ? 4 : 0);
  const duration = flags & tfhd.duration ? bytes.readUInt32BE(at) : 0;
  at += flags & tfhd.duration ? 4 : 0;
  return { duration, size: flags & tfhd.size ? bytes.readUInt32BE(at) : 0 };
}

function readRun(bytes: Buffer, box: Box, defaults: { duration: number; size: number }): { durationTicks: number; sampleCount: number; firstSize: number } {
  const flags = bytes.readUInt32BE(box.contentStart) & 0xffffff;
  const sampleCount = bytes.readUInt32BE(box.contentStart + 4);
  const width = [trun.duration, trun.size, trun.flags, trun.composition].reduce((sum, flag) => sum + (flags & flag ? 4 : 0), 0);
  const first = box.contentStart + 8 + (flags & trun.dataOffset ? 4 : 0) + (flags & trun.firstFlags ? 4 : 0);
  if (first + sampleCount * width > box.end) throw new CodedError('video.damaged', 'The file is damaged: a fragment is too short.');
  const sizeAt = flags & trun.duration ? 4 : 0;
  let durationTicks = flags & trun.duration ? 0 : sampleCount * defaults.duration;
  if (flags & trun.duration) for (let sample = 0; sample < sampleCount; sample += 1) durationTicks += bytes.readUInt32BE(first + sample * width);
  return { durationTicks, sampleCount, firstSize: flags & trun.size && sampleCount > 0 ? bytes.readUInt32BE(first + sizeAt) : defaults.size };
}
