import type { Rate, VideoProfile } from '../probe/SourceProfile.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { Size } from '../ladder/ladder.ts';

/** How the frames of a source look, as far as filters depend on it. */
export interface Look extends Pick<VideoProfile, 'isInterlaced' | 'transfer' | 'heightPx'> {
  matrix?: VideoProfile['matrix'];
}

/** What this ffmpeg can do. Debian's has both filters. */
export interface FilterSupport {
  hasToneMapping: boolean;
}

const usualMatrices = new Set(['bt709', 'bt601', 'smpte170m', 'bt470bg', 'fcc', 'smpte240m', 'bt2020nc']);

/** Untagged video of this height and more is BT.709, below it BT.601: what cameras of either kind write. */
const highDefinitionPx = 720;

/**
 * Frames of the source in a size, upright and progressive, as 8 bit 4:2:0 in BT.709. `isLetterboxed`: bars keep its shape. Frames are selected
 * after `deinterlace` and before `picture`, so that only those that are used are scaled.
 */
export function lookFilters(look: Look, { size, isLetterboxed = false, support }: { size: Size; isLetterboxed?: boolean; support: FilterSupport }): { deinterlace: string[]; picture: string[] } {
  const { widthPx, heightPx } = size;
  const fit = isLetterboxed ? ':force_original_aspect_ratio=decrease:force_divisible_by=2' : '';
  const bars = isLetterboxed ? [`pad=${widthPx}:${heightPx}:-1:-1:color=black`] : [];
  const deinterlace = look.isInterlaced ? ['bwdif=mode=send_frame:parity=auto:deint=all'] : [];
  const scale = (options: string) => `scale=${widthPx}:${heightPx}:flags=bicubic${fit}${options}`;
  if (look.transfer !== 'sdr' && support.hasToneMapping) return { deinterlace, picture: [scale(''), ...toneMapping(look), ...bars, 'setsar=1'] };
  return { deinterlace, picture: [scale(`:in_color_matrix=${matrixOf(look)}:out_color_matrix=bt709:out_range=tv`), 'format=yuv420p', ...bars, 'setsar=1'] };
}

function matrixOf({ matrix, heightPx }: Look): string {
  if (matrix === 'bt2020nc' || matrix === 'bt2020c') return 'bt2020';
  if (matrix !== undefined && usualMatrices.has(matrix)) return matrix === 'bt470bg' || matrix === 'smpte170m' ? 'bt601' : matrix;
  return heightPx >= highDefinitionPx ? 'bt709' : 'bt601';
}

/** HDR (ITU-R BT.2100) to BT.709: linear light, its colours, the curve of Hable, and back. 100 nits are the white of BT.709. */
function toneMapping({ transfer }: Look): string[] {
  const input = `tin=${transfer === 'pq' ? 'smpte2084' : 'arib-std-b67'}:pin=bt2020:min=bt2020nc:rin=tv`;
  return [`zscale=${input}:t=linear:npl=100`, 'format=gbrpf32le', 'zscale=p=bt709', 'tonemap=hable:desat=0', 'zscale=t=bt709:m=bt709:p=bt709:r=tv', 'format=yuv420p'];
}

/**
 * Exactly these frames of the timeline, at a constant rate: frame n is what is shown at n / rate. The last frame of a source stays until
 * the end, and its first one is shown from the beginning.
 */
export function timelineFilters({ firstFrame, frameCount, rate }: { firstFrame: number; frameCount: number; rate: Rate }): string[] {
  const fps = `${rate.num}/${rate.den}`;
  const startSeconds = (firstFrame / perSecond(rate)).toFixed(6);
  return [`fps=${fps}`, 'tpad=stop=-1:stop_mode=clone', `fps=${fps}:start_time=${startSeconds}`, `trim=end_frame=${frameCount}`, `setpts=N/(${fps})/TB`];
}
