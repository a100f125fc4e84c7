import type { BitReader } from '../bits/BitReader.ts';

/** What the video usability information of an SPS says (ITU-T H.264 Annex E); undefined where it says nothing. */
export interface Vui {
  frameRate: number | undefined;
  /** How many frames may be decoded before one that is shown earlier. */
  reorderFrames: number | undefined;
}

const extendedSampleAspectRatio = 255;

/** Annex E.1.1. @throws RangeError when it ends early */
export function readVui(reader: BitReader): Vui {
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
