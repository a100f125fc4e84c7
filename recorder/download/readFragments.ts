import { boxAt, boxHead, findBox, readBoxes, viewOf } from './readBoxes.ts';
import type { SampleDefaults } from './TrackHeader.ts';

/** Samples whose data lies together in a file. */
export interface SampleRun {
  /** Decode time of its first sample. */
  startTicks: number;
  /** Where its data begins, from the start of the segment. */
  offset: number;
  bytes: number;
  samples: FragmentSample[];
}

export interface FragmentSample {
  durationTicks: number;
  bytes: number;
  isSync: boolean;
  /** Presentation minus decode time. */
  compositionOffsetTicks: number;
}

/** Reads a part of the segment: `bytes` from `offset` on, or up to its end. */
export type ReadPart = (offset: number, bytes: number) => Promise<Uint8Array>;

/** More than the `moof` of a segment of two seconds has (1 to 2 KB); a longer one is read with a second request. */
const firstReadBytes = 8192;

/** Reads the headers of a segment's fragments, without their media. @throws RangeError when they are damaged */
export async function readFragments(read: ReadPart, segmentBytes: number, defaults: SampleDefaults): Promise<SampleRun[]> {
  const runs: SampleRun[] = [];
  let window = { at: 0, view: viewOf(await read(0, Math.min(firstReadBytes, segmentBytes))) };
  const load = async (at: number, bytes: number): Promise<void> => {
    const isLoaded = at >= window.at && at + bytes <= window.at + window.view.byteLength;
    if (isLoaded) return;
    window = { at, view: viewOf(await read(at, Math.min(Math.max(bytes, firstReadBytes), segmentBytes - at))) };
  };
  for (let at = 0; at < segmentBytes; ) {
    await load(at, Math.min(16, segmentBytes - at));
    const head = boxHead(window.view, at - window.at);
    if (!head || at + head.bytes > segmentBytes) throw new RangeError('a box of the segment ends early');
    if (head.type === 'moof') {
      await load(at, head.bytes);
      const start = window.view.byteOffset + at - window.at;
      runs.push(...readMoof(new DataView(window.view.buffer, start + head.headBytes, head.bytes - head.headBytes), at, defaults));
    }
    at += head.bytes;
  }
  return runs;
}

/** ISO/IEC 14496-12 §8.8.4 to §8.8.8. A file has one track. */
function readMoof(moof: DataView, moofOffset: number, trex: SampleDefaults): SampleRun[] {
  const traf = boxAt(moof, ['traf']).body;
  const defaults = readTfhd(boxAt(traf, ['tfhd']).body, { ...trex, baseOffset: moofOffset });
  const tfdt = findBox(traf, ['tfdt'])?.body;
  let startTicks = !tfdt ? 0 : tfdt.getUint8(0) === 1 ? Number(tfdt.getBigUint64(4)) : tfdt.getUint32(4);
  const runs: SampleRun[] = [];
  for (const { type, body } of readBoxes(traf)) {
    if (type !== 'trun') continue;
    const last = runs.at(-1);
    const run = readTrun(body, { ...defaults, startTicks, nextOffset: last ? last.offset + last.bytes : defaults.baseOffset });
    startTicks = run.samples.reduce((end, { durationTicks }) => end + durationTicks, startTicks);
    if (run.samples.length > 0) runs.push(run);
  }
  return runs;
}

function readTfhd(tfhd: DataView, defaults: SampleDefaults & { baseOffset: number }): SampleDefaults & { baseOffset: number } {
  const flags = tfhd.getUint32(0) & 0xffffff;
  let at = 8;
  const next = (flag: number, bytes: number): number | undefined => {
    if (!(flags & flag)) return undefined;
    at += bytes;
    return at - bytes;
  };
  // A file of a recording is not addressed from its start, because a segment may be a part of it.
  if (next(0x1, 8) !== undefined) throw new RangeError('a fragment has an absolute offset');
  next(0x2, 4);
  const [duration, bytes, sampleFlags] = [next(0x8, 4), next(0x10, 4), next(0x20, 4)];
  return {
    baseOffset: defaults.baseOffset,
    durationTicks: duration === undefined ? defaults.durationTicks : tfhd.getUint32(duration),
    bytes: bytes === undefined ? defaults.bytes : tfhd.getUint32(bytes),
    flags: sampleFlags === undefined ? defaults.flags : tfhd.getUint32(sampleFlags),
  };
}

interface TrunContext extends SampleDefaults {
  baseOffset: number;
  startTicks: number;
  /** Where the data begins if the box does not say it. */
  nextOffset: number;
}

function readTrun(trun: DataView, { startTicks, nextOffset, ...defaults }: TrunContext): SampleRun {
  const flags = trun.getUint32(0) & 0xffffff;
  const isSigned = trun.getUint8(0) > 0;
  let at = 8;
  const take = (flag: number, otherwise: number, read: (at: number) => number = (from) => trun.getUint32(from)): number => {
    if (!(flags & flag)) return otherwise;
    at += 4;
    return read(at - 4);
  };
  const dataOffset = take(0x1, NaN, (from) => trun.getInt32(from));
  const firstFlags = take(0x4, defaults.flags);
  const samples: FragmentSample[] = [];
  for (let count = trun.getUint32(4); count > 0; count -= 1) {
    const durationTicks = take(0x100, defaults.durationTicks);
    const bytes = take(0x200, defaults.bytes);
    const sampleFlags = take(0x400, samples.length === 0 ? firstFlags : defaults.flags);
    const compositionOffsetTicks = take(0x800, 0, (from) => (isSigned ? trun.getInt32(from) : trun.getUint32(from)));
    samples.push({ durationTicks, bytes, isSync: (sampleFlags & isNonSync) === 0, compositionOffsetTicks });
  }
  const offset = Number.isNaN(dataOffset) ? nextOffset : defaults.baseOffset + dataOffset;
  return { startTicks, offset, bytes: samples.reduce((sum, { bytes }) => sum + bytes, 0), samples };
}

/** sample_is_non_sync_sample, ISO/IEC 14496-12 §8.8.3.1. */
const isNonSync = 0x10000;
