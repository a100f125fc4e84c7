import type { Rung } from '../ladder/ladder.ts';
import type { Quality } from '../ladder/quality.ts';
import type { Rate } from '../probe/SourceProfile.ts';
import { encoderArgs, fragmentedVideo } from './videoArgs.ts';
import { lookFilters, timelineFilters } from './videoFilters.ts';
import type { FilterSupport, Look } from './videoFilters.ts';

/** A file from which frames are decoded. */
export interface VideoInput {
  /** In the folder of the job. */
  file: string;
  /** How it is opened, before `-i`. */
  opening: readonly string[];
  /** Where decoding begins, on the file's own clock; undefined for its start. */
  seekSeconds: number | undefined;
  /** Zero of the timeline on the file's own clock. */
  originSeconds: number;
  trackIndex: number;
  look: Look;
  /** Its frames may have another shape than the rendition: bars keep theirs. */
  isLetterboxed: boolean;
}

/** Frames of a part that come from one input; black ones without. */
export interface VideoPiece {
  frameCount: number;
  /** On the timeline of the video. */
  firstFrame: number;
  input: VideoInput | undefined;
}

export interface EncodedRung {
  rung: Rung;
  quality: Quality;
}

export interface PartEncode {
  pieces: readonly VideoPiece[];
  rungs: readonly EncodedRung[];
  rate: Rate;
  keyframeFrames: number;
  threads: number;
  support: FilterSupport;
}

/** Name of the output of a rung. */
export const rungFile = ({ height }: Rung): string => `out-${height}.mp4`;

/** One decoding of a part, and an encoder for each size. */
export function partArgs(part: PartEncode): string[] {
  const inputs = part.pieces.flatMap(({ input }) => (input ? [input] : []));
  const outputs = part.rungs.flatMap(({ rung, quality }, index) => ['-map', `[size${index}]`, ...encoderArgs({ ...part, quality }), ...fragmentedVideo, rungFile(rung)]);
  return ['-y', ...inputs.flatMap(inputArgs), '-filter_complex', filterGraph(part), ...outputs];
}

/** `-copyts`: frames keep the times of the file, so that the filters know where they belong. */
function inputArgs({ file, opening, seekSeconds }: VideoInput): string[] {
  const seek = seekSeconds === undefined ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seekSeconds.toFixed(6)];
  return [...opening, ...seek, '-copyts', '-i', `file:${file}`];
}

function filterGraph(part: PartEncode): string {
  const { pieces, rungs } = part;
  let input = 0;
  const chains = pieces.map((piece, index) => {
    const filters = piece.input ? [`[${input++}:${piece.input.trackIndex}]setpts=PTS-${piece.input.originSeconds.toFixed(6)}/TB`, ...framesOf(piece, piece.input, part)] : [black(piece, part)];
    return `${filters.join(',')}[piece${index}]`;
  });
  const joined = pieces.length > 1 ? `${pieces.map((_, index) => `[piece${index}]`).join('')}concat=n=${pieces.length}:v=1:a=0[whole]` : '[piece0]null[whole]';
  const split = `[whole]split=${rungs.length}${rungs.map((_, index) => `[copy${index}]`).join('')}`;
  const sizes = rungs.map(({ rung }, index) => `[copy${index}]${index === 0 ? 'null' : `scale=${rung.widthPx}:${rung.heightPx}:flags=bicubic`},setsar=1[size${index}]`);
  return [...chains, joined, split, ...sizes].join(';');
}

function framesOf(piece: VideoPiece, { look, isLetterboxed }: VideoInput, { rungs, rate, support }: PartEncode): string[] {
  const { deinterlace, picture } = lookFilters(look, { size: largest(rungs), isLetterboxed, support });
  return [...deinterlace, ...timelineFilters({ ...piece, rate }), ...picture];
}

function black({ frameCount }: VideoPiece, { rungs, rate }: PartEncode): string {
  const { widthPx, heightPx } = largest(rungs);
  return `color=c=black:s=${widthPx}x${heightPx}:r=${rate.num}/${rate.den},trim=end_frame=${frameCount},format=yuv420p,setsar=1`;
}

function largest(rungs: readonly EncodedRung[]): Rung {
  const first = rungs[0];
  if (!first) throw new Error('a part needs a size');
  return first.rung;
}
