import { concat } from '../bits/concat.ts';
import type { VideoFormat } from '../EncodedFrame.ts';
import { parseSps } from './parseSps.ts';
import type { Sps } from './parseSps.ts';

/** H.264 parameter sets, each a NAL unit with its header byte. */
export interface ParameterSets {
  spsUnits: readonly Uint8Array[];
  ppsUnits: readonly Uint8Array[];
}

/** A parsed AVCDecoderConfigurationRecord: ISO/IEC 14496-15 §5.3.3.1. */
export interface AvcConfig extends ParameterSets {
  format: VideoFormat;
  /** The first sequence parameter set. */
  sps: Sps;
  /** Size in bytes of the length before each NAL unit in the frames of the source. */
  lengthSize: number;
}

/** Baseline, Main and Extended: their records have no chroma format and bit depths. */
const profilesWithoutChromaFormat: readonly number[] = [66, 77, 88];

/** Parses a record. @throws RangeError when it ends early or has no SPS or PPS */
export function parseAvcConfig(record: Uint8Array): AvcConfig {
  const sets = readParameterSets(record);
  const sps = readSps(sets);
  const decoderConfig = Uint8Array.from(record);
  // Lectern's frames have 4-byte lengths, also when those of the source are shorter: lengthSizeMinusOne is 3.
  decoderConfig[4] = 0xff;
  return { format: formatOf(sps, decoderConfig), sps, lengthSize: ((record[4] ?? 0) & 3) + 1, ...sets };
}

/** The parameter sets of a record, not parsed. @throws RangeError when it ends early */
export function readParameterSets(record: Uint8Array): ParameterSets {
  if (record[0] !== 1) throw new RangeError('the AVC configuration has an unknown version');
  const sps = readUnits(record, 5, 31);
  const pps = readUnits(record, sps.end, 255);
  return { spsUnits: sps.units, ppsUnits: pps.units };
}

/**
 * Builds a record from parameter sets that a source sends inside its frames.
 * @throws RangeError when there is no SPS or PPS, or the SPS is invalid
 */
export function buildAvcConfig(sets: ParameterSets, lengthSize = 4): AvcConfig {
  const { spsUnits, ppsUnits } = sets;
  const sps = readSps(sets);
  const parts: Uint8Array[] = [Uint8Array.of(1, sps.profileIdc, sps.constraintFlags, sps.levelIdc, 0xff, 0xe0 | spsUnits.length)];
  parts.push(...spsUnits.flatMap(withLength), Uint8Array.of(ppsUnits.length), ...ppsUnits.flatMap(withLength));
  if (!profilesWithoutChromaFormat.includes(sps.profileIdc)) {
    parts.push(Uint8Array.of(0xfc | sps.chromaFormatIdc, 0xf8 | (sps.bitDepthLuma - 8), 0xf8 | (sps.bitDepthChroma - 8), 0));
  }
  return { format: formatOf(sps, concat(parts)), sps, lengthSize, spsUnits, ppsUnits };
}

function readSps({ spsUnits, ppsUnits }: ParameterSets): Sps {
  const [first] = spsUnits;
  if (first === undefined || ppsUnits.length === 0) throw new RangeError('the SPS or PPS is missing');
  return parseSps(first);
}

/** The codec string is `avc1.` and profile, constraint flags and level in hexadecimal: RFC 6381 §3.3. */
function formatOf(sps: Sps, decoderConfig: Uint8Array): VideoFormat {
  const { profileIdc, constraintFlags, levelIdc, widthPx, heightPx } = sps;
  const profile = [profileIdc, constraintFlags, levelIdc].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { kind: 'video', codec: 'h264', codecString: `avc1.${profile}`, decoderConfig, widthPx, heightPx };
}

/** Reads a byte with the count in its lower bits, then the length in 2 bytes and the bytes of each NAL unit. */
function readUnits(record: Uint8Array, start: number, countMask: number): { units: Uint8Array[]; end: number } {
  if (start >= record.length) throw new RangeError('the AVC configuration ends early');
  const count = (record[start] ?? 0) & countMask;
  const units: Uint8Array[] = [];
  let position = start + 1;
  for (let i = 0; i < count; i += 1) {
    const length = ((record[position] ?? 0) << 8) | (record[position + 1] ?? 0);
    position += 2;
    if (length === 0 || position + length > record.length) throw new RangeError('the AVC configuration ends early');
    units.push(Uint8Array.from(record.subarray(position, position + length)));
    position += length;
  }
  return { units, end: position };
}

function withLength(unit: Uint8Array): Uint8Array[] {
  return [Uint8Array.of(unit.length >> 8, unit.length & 255), unit];
}
