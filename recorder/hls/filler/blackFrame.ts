import { BitWriter, buildAvcConfig, concat, lengthPrefixed, levelFor, withEmulationPrevention } from '#engine/media';
import type { TrackFormat, VideoFormat } from '#engine/media';

/** Constrained Baseline. */
const profileIdc = 66;
const constraintSets = 0xc0;
/** More than one frame every two seconds is never sent. */
const frameRate = 1;

const limitedRangeBlack = 16;
const noColour = 128;

type Size = Pick<VideoFormat, 'widthPx' | 'heightPx'>;

/** The format of `blackFrame`: H.264 of the given size that every decoder accepts. */
export function blackFormat(size: Size): VideoFormat {
  const { format } = buildAvcConfig({ spsUnits: [sequenceParameters(size, levelFor({ ...size, frameRate }))], ppsUnits: [pictureParameters()] });
  return { ...format, widthPx: size.widthPx, heightPx: size.heightPx };
}

/** True for a format made by `blackFormat`. A filler can have another format: a still first frame keeps that of its source. */
export function isBlackFormat(format: TrackFormat): boolean {
  return format.kind === 'video' && Buffer.compare(format.decoderConfig, blackFormat(format).decoderConfig) === 0;
}

/** One black IDR frame, length-prefixed. Consecutive IDR frames must have different ids (H.264 §7.4.3). */
export function blackFrame(size: Size, idrPicId: 0 | 1): Uint8Array {
  return lengthPrefixed([nalUnit(0x65, slice(size, idrPicId))]);
}

function macroblocks(size: Size): { widthMbs: number; heightMbs: number } {
  return { widthMbs: Math.ceil(size.widthPx / 16), heightMbs: Math.ceil(size.heightPx / 16) };
}

/** §7.3.2.1.1 */
function sequenceParameters(size: Size, levelIdc: number): Uint8Array {
  const { widthMbs, heightMbs } = macroblocks(size);
  const bits = new BitWriter().bits(profileIdc, 8).bits(constraintSets, 8).bits(levelIdc, 8);
  const displayOrderIsDecodeOrder = 2;
  bits.golomb(0).golomb(0).golomb(displayOrderIsDecodeOrder).golomb(1).bits(0, 1);
  bits.golomb(widthMbs - 1).golomb(heightMbs - 1).bits(0b11, 2);
  bits.bits(1, 1).golomb(0).golomb((widthMbs * 16 - size.widthPx) >> 1).golomb(0).golomb((heightMbs * 16 - size.heightPx) >> 1);
  return nalUnit(0x67, bits.bits(0, 1).trailing().bytes());
}

/** §7.3.2.2: CAVLC, one slice group, deblocking switched in the slice. */
function pictureParameters(): Uint8Array {
  const bits = new BitWriter().golomb(0).golomb(0).bits(0, 2).golomb(0).golomb(0).golomb(0).bits(0, 3);
  bits.golomb(0).golomb(0).golomb(0).bits(0b100, 3);
  return nalUnit(0x68, bits.trailing().bytes());
}

/**
 * The first macroblock has black as plain samples (I_PCM). The others are predicted from their neighbours (Intra 16×16,
 * DC) without a residual, and so are black, too.
 */
function slice(size: Size, idrPicId: 0 | 1): Uint8Array {
  const { widthMbs, heightMbs } = macroblocks(size);
  const intraSlice = 7;
  const noDeblocking = 1;
  const bits = new BitWriter().golomb(0).golomb(intraSlice).golomb(0).bits(0, 4).golomb(idrPicId).bits(0, 2).golomb(0).golomb(noDeblocking);
  const plainSamples = 25;
  bits.golomb(plainSamples).align();
  for (let i = 0; i < 256; i += 1) bits.bits(limitedRangeBlack, 8);
  for (let i = 0; i < 128; i += 1) bits.bits(noColour, 8);
  for (let mb = 1; mb < widthMbs * heightMbs; mb += 1) {
    const predictedDc = 3;
    bits.golomb(predictedDc).golomb(0).golomb(0);
    // Table 9-5: the code for "no coefficients" depends on the number in the neighbours; plain samples count as 16.
    const isBesideTheFirst = (mb === 1 && widthMbs > 1) || mb === widthMbs;
    if (isBesideTheFirst) bits.bits(0b000011, 6);
    else bits.bits(1, 1);
  }
  return bits.trailing().bytes();
}

function nalUnit(header: number, payload: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(header), withEmulationPrevention(payload)]);
}
