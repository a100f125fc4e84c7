import { box, fullBox, text, u32, u64 } from './boxes.ts';
import { trackId } from './initSegment.ts';

/** One sample of a `trun`. Times are ticks of the track's timescale. */
export interface Sample {
  durationTicks: number;
  /** Presentation minus decode time; may be negative. */
  compositionOffsetTicks: number;
  isKeyframe: boolean;
  data: Uint8Array;
  /** A copy of an earlier frame, from which a decoder starts. */
  isRepeated?: boolean;
}

export interface MediaSegment {
  /** Counts from 1. */
  fragmentNumber: number;
  decodeTimeTicks: number;
  samples: readonly Sample[];
  /** Added to all composition offsets; that of the init segment. */
  compositionDelayTicks?: number;
}

/** ISO/IEC 14496-12 §8.6.4: a sample that depends on no other; a sample that depends on others and is no sync sample. */
const syncSample = 0x02000000;
const dependentSample = 0x01010000;

const tfhdDefaultBaseIsMoof = 0x020000;
const trunDataOffset = 0x1;
const trunDurationSizeFlagsOffset = 0xf00;

const styp = box('styp', text('msdh'), u32(0), text('msdh'), text('msix'), text('cmfs'));
const boxHeadBytes = 8;
/** An entry of `trun`. */
const sampleBytes = 16;

/** One CMAF segment of one fragment: `styp`, `moof`, `mdat` (ISO/IEC 23000-19 §7.3.3). The media is copied once. */
export function mediaSegment(segment: MediaSegment): Uint8Array {
  const { samples } = segment;
  const moofBytes = moof({ ...segment, samples: [] }, 0).length + samples.length * sampleBytes;
  const mdatBytes = samples.reduce((sum, { data }) => sum + data.length, boxHeadBytes);
  // The offset counts from the start of `moof`.
  const heads = [styp, moof(segment, moofBytes + boxHeadBytes), u32(mdatBytes), text('mdat')];
  return Buffer.concat([...heads, ...samples.map(({ data }) => data)]);
}

function moof(segment: MediaSegment, dataOffset: number): Uint8Array {
  const mfhd = fullBox('mfhd', {}, u32(segment.fragmentNumber));
  const tfhd = fullBox('tfhd', { flags: tfhdDefaultBaseIsMoof }, u32(trackId));
  const tfdt = fullBox('tfdt', { version: 1 }, u64(segment.decodeTimeTicks));
  return box('moof', mfhd, box('traf', tfhd, tfdt, trun(segment, dataOffset)));
}

function trun({ samples, compositionDelayTicks = 0 }: MediaSegment, dataOffset: number): Uint8Array {
  const table = new DataView(new ArrayBuffer(samples.length * sampleBytes));
  samples.forEach((sample, index) => {
    table.setUint32(index * sampleBytes, sample.durationTicks);
    table.setUint32(index * sampleBytes + 4, sample.data.length);
    table.setUint32(index * sampleBytes + 8, sample.isKeyframe ? syncSample : dependentSample);
    table.setInt32(index * sampleBytes + 12, sample.compositionOffsetTicks + compositionDelayTicks);
  });
  const flags = trunDataOffset | trunDurationSizeFlagsOffset;
  return fullBox('trun', { version: 1, flags }, u32(samples.length), u32(dataOffset), new Uint8Array(table.buffer));
}
