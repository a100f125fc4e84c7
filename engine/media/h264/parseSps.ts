import { BitReader } from '../bits/BitReader.ts';

/** What a sequence parameter set says (ITU-T H.264 §7.3.2.1.1), as far as anyone here asks. */
export interface Sps {
  profileIdc: number;
  levelIdc: number;
  widthPx: number;
  heightPx: number;
  isInterlaced: boolean;
  /** 8 bits, 4:2:0: what every browser decodes. */
  isPlainColour: boolean;
  /** From the VUI; undefined when it does not say. */
  frameRate: number | undefined;
  /** How many frames may be decoded before one that is shown earlier; undefined when the VUI does not say. */
  reorderFrames: number | undefined;
}

const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const extendedSampleAspectRatio = 255;

/** @param nalUnit the whole NAL unit, header byte included. @throws RangeError when it ends early */
export function parseSps(nalUnit: Uint8Array): Sps {
  const reader = new BitReader(withoutEmulationPrevention(nalUnit.subarray(1)));
  const profileIdc = reader.bits(8);
  reader.skip(8);
  const levelIdc = reader.bits(8);
  reader.unsignedGolomb();
  const chroma = highProfiles.has(profileIdc) ? readChroma(reader) : { format: 1, isEightBit: true };
  reader.unsignedGolomb();
  skipPictureOrder(reader);
  reader.unsignedGolomb();
  reader.skip(1);
  const size = readSize(reader, chroma.format);
  const vui = reader.flag() ? readVui(reader) : { frameRate: undefined, reorderFrames: undefined };
  return { profileIdc, levelIdc, ...size, isPlainColour: chroma.format === 1 && chroma.isEightBit, ...vui };
}

function readChroma(reader: BitReader): { format: number; isEightBit: boolean } {
  const format = reader.unsignedGolomb();
  if (format === 3) reader.skip(1);
  const lumaDepth = reader.unsignedGolomb();
  const chromaDepth = reader.unsignedGolomb();
  reader.skip(1);
  if (reader.flag()) skipScalingLists(reader, format === 3 ? 12 : 8);
  return { format, isEightBit: lumaDepth === 0 && chromaDepth === 0 };
}

function skipScalingLists(reader: BitReader, count: number): void {
  for (let list = 0; list < count; list += 1) {
    if (!reader.flag()) continue;
    let last = 8;
    for (let i = 0; i < (list < 6 ? 16 : 64); i += 1) {
      const next = (last + reader.signedGolomb() + 256) % 256;
      if (next === 0) break;
      last = next;
    }
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsignedGolomb();
  if (type === 0) reader.unsignedGolomb();
  if (type !== 1) return;
  reader.skip(1);
  reader.signedGolomb();
  reader.signedGolomb();
  for (let left = reader.unsignedGolomb(); left > 0; left -= 1) reader.signedGolomb();
}

function readSize(reader: BitReader, chromaFormat: number): { widthPx: number; heightPx: number; isInterlaced: boolean } {
  const widthInMbs = reader.unsignedGolomb() + 1;
  const heightInMapUnits = reader.unsignedGolomb() + 1;
  const isInterlaced = !reader.flag();
  if (isInterlaced) reader.skip(1);
  reader.skip(1);
  const fieldFactor = isInterlaced ? 2 : 1;
  const widthPx = widthInMbs * 16;
  const heightPx = heightInMapUnits * 16 * fieldFactor;
  if (!reader.flag()) return { widthPx, heightPx, isInterlaced };
  const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const unitY = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
  const horizontal = reader.unsignedGolomb() + reader.unsignedGolomb();
  const vertical = reader.unsignedGolomb() + reader.unsignedGolomb();
  return { widthPx: widthPx - horizontal * unitX, heightPx: heightPx - vertical * unitY, isInterlaced };
}

/** Annex E.1.1. */
function readVui(reader: BitReader): Pick<Sps, 'frameRate' | 'reorderFrames'> {
  skipDisplayHints(reader);
  const frameRate = reader.flag() ? readFrameRate(reader) : undefined;
  const hasNalHrd = reader.flag();
  if (hasNalHrd) skipHrd(reader);
  const hasVclHrd = reader.flag();
  if (hasVclHrd) skipHrd(reader);
  if (hasNalHrd || hasVclHrd) reader.skip(1);
  reader.skip(1);
  return { frameRate, reorderFrames: reader.flag() ? readReorderFrames(reader) : undefined };
}

/** Aspect ratio, overscan, video signal and chroma location. */
function skipDisplayHints(reader: BitReader): void {
  if (reader.flag() && reader.bits(8) === extendedSampleAspectRatio) reader.skip(32);
  if (reader.flag()) reader.skip(1);
  if (reader.flag()) {
    reader.skip(4);
    if (reader.flag()) reader.skip(24);
  }
  if (!reader.flag()) return;
  reader.unsignedGolomb();
  reader.unsignedGolomb();
}

function readFrameRate(reader: BitReader): number | undefined {
  const unitsInTick = reader.bits(32);
  const timeScale = reader.bits(32);
  reader.skip(1);
  // A tick is a field, so a frame has two (Annex E.2.1).
  return unitsInTick > 0 && timeScale > 0 ? timeScale / unitsInTick / 2 : undefined;
}

function skipHrd(reader: BitReader): void {
  const count = reader.unsignedGolomb() + 1;
  reader.skip(8);
  for (let i = 0; i < count; i += 1) {
    reader.unsignedGolomb();
    reader.unsignedGolomb();
    reader.skip(1);
  }
  reader.skip(20);
}

function readReorderFrames(reader: BitReader): number {
  reader.skip(1);
  for (let i = 0; i < 4; i += 1) reader.unsignedGolomb();
  return reader.unsignedGolomb();
}

/** §7.4.1: the 3 in 0 0 3 is not part of the payload. */
function withoutEmulationPrevention(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}
