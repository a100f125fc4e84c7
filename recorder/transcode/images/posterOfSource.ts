import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { posterFramesCompared, posterMaxWidthPx } from '../../limits.ts';
import { lookFilters } from '../encode/videoFilters.ts';
import type { FilterSupport } from '../encode/videoFilters.ts';
import { minWorkSeconds } from '../limits.ts';
import type { Container } from '../probe/containerOf.ts';
import type { SourceProfile, VideoProfile } from '../probe/SourceProfile.ts';
import { inputFile, openingOptions } from '../probe/toolOptions.ts';
import type { MediaTools } from '../tools/MediaTools.ts';

/** Late enough that a title has gone, early enough to show the beginning. */
const posterAt = 0.1;

/** A typical frame of an uploaded video as JPEG, no wider than a poster of a recording. */
export async function posterOfSource(profile: SourceProfile & { video: VideoProfile }, options: { tools: MediaTools; folder: string; container: Container; support: FilterSupport; signal?: AbortSignal | undefined }): Promise<Buffer> {
  const { tools, folder, container, support, signal } = options;
  const { video } = profile;
  const widthPx = 2 * Math.max(1, Math.floor(Math.min(posterMaxWidthPx, video.widthPx) / 2));
  const heightPx = 2 * Math.max(1, Math.round((widthPx * video.heightPx) / video.widthPx / 2));
  const { deinterlace, picture } = lookFilters(video, { size: { widthPx, heightPx }, support });
  const at = (video.endSeconds - video.startSeconds) * posterAt;
  const seek = at > 1 ? ['-ss', at.toFixed(3)] : [];
  const filters = [...deinterlace, `thumbnail=n=${posterFramesCompared}`, ...picture, 'format=yuvj420p'];
  const args = ['-y', ...openingOptions(container), ...seek, ...inputFile(), '-map', `0:${video.index}`, '-an', '-vf', filters.join(','), '-frames:v', '1', '-q:v', '4', '-update', '1', '-f', 'image2', 'poster.jpg'];
  await tools.run({ program: 'ffmpeg', args, cwd: folder, limitSeconds: minWorkSeconds, maxFileBytes: 64 * 2 ** 20, signal });
  return readFile(path.join(folder, 'poster.jpg'));
}
