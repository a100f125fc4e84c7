import type { Sps } from './parseSps.ts';

/** What keeps a browser from playing H.264 video: a color format, a bit depth, fields instead of frames, or a rare profile. */
export type BrowserObstacle = 'chroma' | 'bitDepth' | 'interlaced' | 'profile';

/** profile_idc values that every browser decodes, live and in recordings: Baseline, Main, High. */
const browserProfiles = new Set([66, 77, 100]);
/** chroma_format_idc of 4:2:0, ITU-T H.264 table 6-1. */
const chroma420 = 1;

/** Why some browsers cannot play the video of a sequence parameter set. Undefined when every browser plays it. */
export function browserObstacle(sps: Pick<Sps, 'profileIdc' | 'chromaFormatIdc' | 'bitDepthLuma' | 'bitDepthChroma' | 'isInterlaced'>): BrowserObstacle | undefined {
  if (sps.chromaFormatIdc !== chroma420) return 'chroma';
  if (sps.bitDepthLuma !== 8 || sps.bitDepthChroma !== 8) return 'bitDepth';
  if (sps.isInterlaced) return 'interlaced';
  return browserProfiles.has(sps.profileIdc) ? undefined : 'profile';
}
