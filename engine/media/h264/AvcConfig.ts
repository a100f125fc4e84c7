import { concat } from '../bits/concat.ts';
import type { VideoFormat } from '../EncodedFrame.ts';
import { parseSps } from './parseSps.ts';
import type { Sps } from './parseSps.ts';

/** The parameter sets of H.264, as whole NAL units. */
export interface ParameterSets {
  spsUnits: readonly Uint8Array[];
  ppsUnits: readonly Uint8Array[];
}

/** An H.264 decoder configuration, taken apart: ISO/IEC 14496-15 §5.3.3.1. */
export interface AvcConfig extends ParameterSets {
  format: VideoFormat;
  sps: Sps;
  /** Bytes of the length in front of each NAL unit, as the source sends them. */
  lengthSize: number;
}

/** Baseline, Main, Extended: their records say nothing of colour. */
const profilesWithoutColour: readonly number[] = [66, 77, 88];

/** @throws RangeError when the record is cut short or has no parameter sets */
export function parseAvcConfig(record: Uint8Array): AvcConfig {
  const sets = readParameterSets(record);
  const sps = readSps(sets);
  const decoderConfig = Uint8Array.from(record);
  // Frames leave here with 4-byte lengths, whatever the source used.
  decoderConfig[4] = 0xff;
  return { format: formatOf(sps, decoderConfig), sps, lengthSize: ((record[4] ?? 0) & 3) + 1, ...sets };
}

/** Those of a decoder configuration record, unread. @throws RangeError when it is cut short */
export function readParameterSets(record: Uint8Array): ParameterSets {
  if (record[0] !== 1) throw new RangeError('this is no AVC configuration');
  const sps = readUnits(record, 5, 31);
  const pps = readUnits(record, sps.end, 255);
  return { spsUnits: sps.units, ppsUnits: pps.units };
}

/**
 * For sources that say their parameter sets inside the frames.
 * @throws RangeError when one is missing or makes no sense
 */
export function buildAvcConfig(sets: ParameterSets, lengthSize = 4): AvcConfig {
  const { spsUnits, ppsUnits } = sets;
  const sps = readSps(sets);
  const parts: Uint8Array[] = [Uint8Array.of(1, sps.profileIdc, sps.constraintFlags, sps.levelIdc, 0xff, 0xe0 | spsUnits.length)];
  parts.push(...spsUnits.flatMap(withLength), Uint8Array.of(ppsUnits.length), ...ppsUnits.flatMap(withLength));
  if (!profilesWithoutColour.includes(sps.profileIdc)) {
    parts.push(Uint8Array.of(0xfc | sps.chromaFormatIdc, 0xf8 | (sps.bitDepthLuma - 8), 0xf8 | (sps.bitDepthChroma - 8), 0));
  }
  return { format: formatOf(sps, concat(parts)), sps, lengthSize, spsUnits, ppsUnits };
}

function readSps({ spsUnits, ppsUnits }: ParameterSets): Sps {
  const [first] = spsUnits;
  if (first === undefined || ppsUnits.length === 0) throw new RangeError('there are no parameter sets');
  return parseSps(first);
}

function formatOf(sps: Sps, decoderConfig: Uint8Array): VideoFormat {
  const { profileIdc, constraintFlags, levelIdc, widthPx, heightPx } = sps;
  const profile = [profileIdc, constraintFlags, levelIdc].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { kind: 'video', codec: 'h264', codecString: `avc1.${profile}`, decoderConfig, widthPx, heightPx };
}

/** A byte that counts them, then each behind its length in 2 bytes. */
function readUnits(record: Uint8Array, start: number, countMask: number): { units: Uint8Array[]; end: number } {
  if (start >= record.length) throw new RangeError('the AVC configuration is cut short');
  const count = (record[start] ?? 0) & countMask;
  const units: Uint8Array[] = [];
  let position = start + 1;
  for (let i = 0; i < count; i += 1) {
    const length = ((record[position] ?? 0) << 8) | (record[position + 1] ?? 0);
    position += 2;
    if (length === 0 || position + length > record.length) throw new RangeError('the AVC configuration is cut short');
    units.push(Uint8Array.from(record.subarray(position, position + length)));
    position += length;
  }
  return { units, end: position };
}

function withLength(unit: Uint8Array): Uint8Array[] {
  return [Uint8Array.of(unit.length >> 8, unit.length & 255), unit];
}
