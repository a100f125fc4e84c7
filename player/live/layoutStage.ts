import type { Arrangement } from '../vod/stage/stageLayout.ts';

export interface Size {
  width: number;
  height: number;
}

/** A place on the stage, in px from its top left corner. */
export interface Box extends Size {
  left: number;
  top: number;
}

export interface StageBoxes {
  main: Box;
  second: Box | undefined;
  /** The second video has a place of its own, beside the first one and not over it. */
  isBeside: boolean;
}

export interface StageLayout {
  stage: Size;
  main: Size;
  /** Undefined without a second video. */
  second: Size | undefined;
  arrangement: Arrangement;
}

const gapPx = 12;
/** A free strip is used from this size on: below it, a face is too small. */
const leastStripPx: Size = { width: 176, height: 112 };
const largestInset: Size = { width: 340, height: 260 };
/** The part of the width that an inset may cover. */
const insetShare = 0.22;
/** The part of a slide below its title. */
const belowTitle = 0.62;
const leastInsetPx = 40;
/** The controls are at the bottom of the stage. */
const controlsPx = 64;

/**
 * The places of the videos on the stage. Each keeps its shape. An inset is placed in the space that the large video leaves free;
 * if there is too little, in the bottom corner, because the top of a slide is its title.
 */
export function layoutStage({ stage, main, second, arrangement }: StageLayout): StageBoxes {
  if (!second) return { main: centred(fit(main, stage), stage), second: undefined, isBeside: false };
  if (arrangement === 'side') return sideBySide(stage, main, second);
  const large = fit(main, stage);
  const [freeWidth, freeHeight] = [stage.width - large.width, stage.height - large.height];
  if (freeWidth >= leastStripPx.width + 2 * gapPx) {
    const small = fit(second, atMost({ width: freeWidth - 2 * gapPx, height: stage.height - 2 * gapPx }, largestInset));
    return { main: { ...large, left: 0, top: freeHeight / 2 }, second: { ...small, left: large.width + (freeWidth - small.width) / 2, top: gapPx }, isBeside: true };
  }
  if (freeHeight >= leastStripPx.height + 2 * gapPx) {
    const small = fit(second, atMost({ width: stage.width - 2 * gapPx, height: freeHeight - 2 * gapPx }, largestInset));
    return { main: { ...large, left: freeWidth / 2, top: freeHeight }, second: { ...small, left: stage.width - small.width - gapPx, top: (freeHeight - small.height) / 2 }, isBeside: true };
  }
  const small = fit(second, atMost({ width: stage.width * insetShare, height: Math.max(leastInsetPx, stage.height * belowTitle - controlsPx) }, largestInset));
  return { main: centred(large, stage), second: { ...small, left: stage.width - small.width - gapPx, top: Math.max(gapPx, stage.height - small.height - controlsPx) }, isBeside: false };
}

function sideBySide(stage: Size, main: Size, second: Size): StageBoxes {
  const half: Size = stage.width >= stage.height ? { width: (stage.width - gapPx) / 2, height: stage.height } : { width: stage.width, height: (stage.height - gapPx) / 2 };
  const offset = stage.width >= stage.height ? { left: half.width + gapPx, top: 0 } : { left: 0, top: half.height + gapPx };
  const other = centred(fit(second, half), half);
  return { main: centred(fit(main, half), half), second: { ...other, left: other.left + offset.left, top: other.top + offset.top }, isBeside: true };
}

/** The largest size of this shape that fits. */
function fit(shape: Size, into: Size): Size {
  const scale = Math.min(into.width / shape.width, into.height / shape.height);
  return { width: shape.width * scale, height: shape.height * scale };
}

function centred(size: Size, into: Size): Box {
  return { ...size, left: (into.width - size.width) / 2, top: (into.height - size.height) / 2 };
}

function atMost(size: Size, most: Size): Size {
  return { width: Math.min(size.width, most.width), height: Math.min(size.height, most.height) };
}
