import { maxFrameRate } from '../limits.ts';
import type { Rate } from './SourceProfile.ts';

/** The frame rates of cameras, films and screens. */
const usualRates: readonly Rate[] = [
  { num: 24000, den: 1001 }, { num: 24, den: 1 }, { num: 25, den: 1 }, { num: 30000, den: 1001 }, { num: 30, den: 1 },
  { num: 48, den: 1 }, { num: 50, den: 1 }, { num: 60000, den: 1001 }, { num: 60, den: 1 },
];

export const perSecond = ({ num, den }: Rate): number => num / den;

/** `30000/1001` of ffprobe; undefined for `0/0` and what is no rate. */
export function rateOf(text: string | undefined): Rate | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(text ?? '');
  const rate = match && { num: Number(match[1]), den: Number(match[2]) };
  return rate && rate.num > 0 && rate.den > 0 ? rate : undefined;
}

/**
 * The constant frame rate of the renditions: that of the source, or a whole fraction of it up to 60. A variable one becomes the next
 * usual rate, so that no frame is lost.
 */
export function outputRate(sourceRate: number, isVariable: boolean): Rate {
  if (!(sourceRate > 0)) return { num: 25, den: 1 };
  if (isVariable) return usualRates.find((rate) => perSecond(rate) >= sourceRate * 0.97) ?? { num: maxFrameRate, den: 1 };
  const wanted = sourceRate / Math.ceil(sourceRate / (maxFrameRate * 1.002));
  const difference = (rate: Rate) => Math.abs(perSecond(rate) / wanted - 1);
  const nearest = usualRates.reduce((best, rate) => (difference(rate) < difference(best) ? rate : best));
  if (difference(nearest) < 0.005) return nearest;
  // At least one frame a second, so that every keyframe interval has one.
  return { num: Math.max(1000, Math.round(wanted * 1000)), den: 1000 };
}
