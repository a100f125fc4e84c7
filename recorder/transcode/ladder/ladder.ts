/** The heights of the ladder, by the shorter side of a frame of 16:9. */
export const ladderHeights = [2160, 1440, 1080, 720, 480, 360, 240] as const;
export type LadderHeight = (typeof ladderHeights)[number];

/** One size of the ladder. */
export interface Rung {
  /** The height by which people know it: 1080 for 1920 × 1080, for 1080 × 1920, and for 1920 × 800. */
  height: LadderHeight;
  widthPx: number;
  heightPx: number;
}

export interface Size {
  widthPx: number;
  heightPx: number;
}

/** A rung with more of the pixels of the one above than this looks the same, and is left out. */
const leastStep = 0.8;

/** Sides that exceed a rung by less, as those of 1920 × 1088 and 854 × 480 do, belong to it. */
const slackPx = 8;

/** H.264 in 4:2:0 has even sides. */
const even = (value: number): number => Math.max(2, 2 * Math.round(value / 2));
const evenAtMost = (value: number): number => Math.max(2, 2 * Math.floor(value / 2));

/**
 * The sizes in which a video is encoded, the largest first. The first has the size of the source, unless that exceeds the largest
 * rung; none is larger. `heights`: only those.
 */
export function ladderOf(source: Size, heights: readonly number[] = ladderHeights): Rung[] {
  const own = ladderHeights.findLast((height) => isWithin(source, height));
  const smaller = ladderHeights.filter((height) => !isWithin(source, height)).map((height) => scaledTo(source, height));
  const ownSize = { widthPx: evenAtMost(source.widthPx), heightPx: evenAtMost(source.heightPx) };
  const all: Rung[] = [...(own === undefined ? [] : [{ height: own, ...ownSize }]), ...smaller];
  const distinct = all.reduce<Rung[]>((kept, next) => {
    const above = kept.at(-1);
    return above && pixels(next) > leastStep * pixels(above) ? kept : [...kept, next];
  }, []);
  const wanted = distinct.filter(({ height }) => heights.includes(height));
  // Of a source that is smaller than what was asked for, the best there is.
  return wanted.length > 0 ? wanted : distinct.slice(0, 1);
}

export function pixels({ widthPx, heightPx }: Size): number {
  return widthPx * heightPx;
}

/** A rung is a frame of 16:9 in the orientation of the video. */
function sidesOf({ widthPx, heightPx }: Size): [long: number, short: number] {
  return widthPx > heightPx ? [widthPx, heightPx] : [heightPx, widthPx];
}

function isWithin(size: Size, height: LadderHeight): boolean {
  const [long, short] = sidesOf(size);
  return long <= (height * 16) / 9 + slackPx && short <= height + slackPx;
}

function scaledTo(size: Size, height: LadderHeight): Rung {
  const [long, short] = sidesOf(size);
  const scale = Math.min((height * 16) / 9 / long, height / short);
  return { height, widthPx: even(size.widthPx * scale), heightPx: even(size.heightPx * scale) };
}
