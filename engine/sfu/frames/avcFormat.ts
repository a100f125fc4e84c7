import type { VideoFormat } from '../../media/index.ts';
import { concat } from './H264Depacketizer.ts';
import { parseSps } from './parseSps.ts';
import type { SequenceParameterSet } from './parseSps.ts';

/** The format of H.264 with these parameter sets (whole NAL units); undefined when they make no sense. */
export function avcFormat(spsUnits: readonly Uint8Array[], ppsUnits: readonly Uint8Array[]): VideoFormat | undefined {
  const [first] = spsUnits;
  const sps = first && parseSps(first);
  if (!sps || ppsUnits.length === 0) return undefined;
  const profile = [sps.profileIdc, sps.constraintFlags, sps.levelIdc].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    kind: 'video',
    codec: 'h264',
    codecString: `avc1.${profile}`,
    decoderConfig: configurationRecord(sps, spsUnits, ppsUnits),
    widthPx: sps.widthPx,
    heightPx: sps.heightPx,
  };
}

/** The format that a decoder configuration record describes, by its first parameter sets. */
export function avcFormatOfRecord(record: Uint8Array): VideoFormat | undefined {
  if (record.length < 9) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const spsEnd = 8 + view.getUint16(6);
  if (spsEnd + 3 > record.length) return undefined;
  const sps = record.subarray(8, spsEnd);
  const ppsStart = spsEnd + 3;
  return avcFormat([sps], [record.subarray(ppsStart, ppsStart + view.getUint16(spsEnd + 1))]);
}

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1, with 4-byte lengths. */
function configurationRecord(sps: SequenceParameterSet, spsUnits: readonly Uint8Array[], ppsUnits: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(1, sps.profileIdc, sps.constraintFlags, sps.levelIdc, 0xff, 0xe0 | spsUnits.length)];
  parts.push(...spsUnits.flatMap(withLength), Uint8Array.of(ppsUnits.length), ...ppsUnits.flatMap(withLength));
  if ([100, 110, 122, 144].includes(sps.profileIdc)) {
    parts.push(Uint8Array.of(0xfc | sps.chromaFormatIdc, 0xf8 | (sps.bitDepthLuma - 8), 0xf8 | (sps.bitDepthChroma - 8), 0));
  }
  return concat(parts);
}

function withLength(unit: Uint8Array): Uint8Array[] {
  return [Uint8Array.of(unit.length >> 8, unit.length & 0xff), unit];
}

/** NAL units behind 4-byte lengths, as samples of an `avc1` track have them. */
export function toAvcc(nalUnits: readonly Uint8Array[]): Uint8Array {
  return concat(
    nalUnits.flatMap((unit) => [Uint8Array.of(unit.length >>> 24, (unit.length >>> 16) & 0xff, (unit.length >>> 8) & 0xff, unit.length & 0xff), unit]),
  );
}
