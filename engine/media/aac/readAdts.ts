import { BitReader } from '../bits/BitReader.ts';
import { BitWriter } from '../bits/BitWriter.ts';

/** A header without and with a checksum. */
const headerBytes = { short: 7, withChecksum: 9 } as const;

/**
 * The AAC frame behind an ADTS header (ISO/IEC 13818-7 §6.2), and the AudioSpecificConfig that the header implies. Undefined
 * when the bytes are not one whole ADTS frame. An AAC frame without a header cannot begin like one: its first element would be
 * the end of the frame.
 */
export function readAdts(bytes: Uint8Array): { config: Uint8Array; payload: Uint8Array } | undefined {
  if (bytes.length < headerBytes.short || bytes[0] !== 0xff || ((bytes[1] ?? 0) & 0xf6) !== 0xf0) return undefined;
  const reader = new BitReader(bytes);
  reader.skip(12); // syncword
  reader.skip(3); // ID and layer
  const hasChecksum = !reader.flag();
  const objectType = reader.bits(2) + 1;
  const sampleRateIndex = reader.bits(4);
  reader.skip(1); // private_bit
  const channels = reader.bits(3);
  reader.skip(4); // original_copy, home and two copyright bits
  const frameBytes = reader.bits(13);
  const start = hasChecksum ? headerBytes.withChecksum : headerBytes.short;
  if (frameBytes !== bytes.length || frameBytes <= start) return undefined;
  const config = new BitWriter().bits(objectType, 5).bits(sampleRateIndex, 4).bits(channels, 4).bits(0, 3).bytes();
  return { config, payload: bytes.subarray(start) };
}
