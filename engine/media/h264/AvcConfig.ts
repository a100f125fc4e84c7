import type { VideoFormat } from '../EncodedFrame.ts';
import { parseSps } from './parseSps.ts';
import type { Sps } from './parseSps.ts';

/** An H.264 decoder configuration, taken apart: ISO/IEC 14496-15 §5.3.3.1. */
export interface AvcConfig {
  format: VideoFormat;
  sps: Sps;
  /** Bytes of the length in front of each NAL unit, as the source sends them. */
  lengthSize: number;
  spsUnits: readonly Uint8Array[];
  ppsUnits: readonly Uint8Array[];
}

/** @throws RangeError when the record is cut short or has no parameter sets */
export function parseAvcConfig(record: Uint8Array): AvcConfig {
  if (record.length < 7 || record[0] !== 1) throw new RangeError('this is no AVC configuration');
  const lengthSize = ((record[4] ?? 0) & 3) + 1;
  const spsSets = readUnits(record, 6, (record[5] ?? 0) & 31);
  const ppsSets = readUnits(record, spsSets.end + 1, record[spsSets.end] ?? 0);
  const decoderConfig = Uint8Array.from(record);
  // Frames leave here with 4-byte lengths, whatever the source used.
  decoderConfig[4] = 0xff;
  return assemble({ decoderConfig, lengthSize, spsUnits: spsSets.units, ppsUnits: ppsSets.units });
}

/** For sources that change their parameter sets inside the frames. */
export function buildAvcConfig(spsUnits: readonly Uint8Array[], ppsUnits: readonly Uint8Array[], lengthSize: number): AvcConfig {
  const [first] = spsUnits;
  if (first === undefined || first.length < 4) throw new RangeError('there is no sequence parameter set');
  const parts: Uint8Array[] = [Uint8Array.of(1, first[1] ?? 0, first[2] ?? 0, first[3] ?? 0, 0xff, 0xe0 | spsUnits.length)];
  for (const unit of spsUnits) parts.push(uint16(unit.length), unit);
  parts.push(Uint8Array.of(ppsUnits.length));
  for (const unit of ppsUnits) parts.push(uint16(unit.length), unit);
  // High profiles end with chroma format 4:2:0 and 8 bits; no other is ever sent on from here.
  if ((first[1] ?? 0) >= 100) parts.push(Uint8Array.of(0xfd, 0xf8, 0xf8, 0));
  return assemble({ decoderConfig: Uint8Array.from(Buffer.concat(parts)), lengthSize, spsUnits, ppsUnits });
}

function assemble(parts: Omit<AvcConfig, 'format' | 'sps'> & { decoderConfig: Uint8Array }): AvcConfig {
  const { decoderConfig, lengthSize, spsUnits, ppsUnits } = parts;
  const [first] = spsUnits;
  if (first === undefined || ppsUnits.length === 0) throw new RangeError('there are no parameter sets');
  const sps = parseSps(first);
  const codecString = `avc1.${Buffer.from(first.subarray(1, 4)).toString('hex')}`;
  const { widthPx, heightPx } = sps;
  return { format: { kind: 'video', codec: 'h264', codecString, decoderConfig, widthPx, heightPx }, sps, lengthSize, spsUnits, ppsUnits };
}

function readUnits(record: Uint8Array, start: number, count: number): { units: Uint8Array[]; end: number } {
  const units: Uint8Array[] = [];
  let position = start;
  for (let i = 0; i < count; i += 1) {
    const length = ((record[position] ?? 0) << 8) | (record[position + 1] ?? 0);
    position += 2;
    if (length === 0 || position + length > record.length) throw new RangeError('the AVC configuration is cut short');
    units.push(Uint8Array.from(record.subarray(position, position + length)));
    position += length;
  }
  return { units, end: position };
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 255);
}
