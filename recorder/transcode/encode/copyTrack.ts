import { keyframeSeconds, keyframesPerSegment, segmentsPerPart } from '../limits.ts';
import { inputFile, openingOptions } from '../probe/toolOptions.ts';
import type { MediaTools } from '../tools/MediaTools.ts';
import { packageParts } from './packageParts.ts';
import type { Packaged, PackagedPart } from './packageParts.ts';
import { fragmentedVideo } from './videoArgs.ts';

export interface TrackCopy {
  tools: MediaTools;
  folder: string;
  container: { demuxer: string };
  track: { index: number; startSeconds: number };
  isVideo: boolean;
  limitSeconds: number;
  file: string;
  onPart: (part: PackagedPart) => Promise<void>;
  signal?: AbortSignal | undefined;
}

const segmentSeconds = keyframeSeconds * keyframesPerSegment;
const fragmentedAudio = ['-movflags', '+empty_moov+default_base_moof', '-frag_duration', `${segmentSeconds * 1_000_000}`, '-map_metadata', '-1', '-map_chapters', '-1', '-f', 'mp4'];

/**
 * Puts a track of the source into segments as it is. Video is cut at its keyframes. Audio begins with the frame in which its encoder
 * started, so it may be late by 21 ms; 45 ms would be noticed (ITU-R BT.1359-1).
 */
export async function copyTrack({ tools, folder, container, track, isVideo, limitSeconds, file, onPart, signal }: TrackCopy): Promise<Packaged> {
  const args = [...openingOptions(container), ...inputFile(), '-map', `0:${track.index}`, '-c', 'copy', ...(isVideo ? fragmentedVideo : fragmentedAudio), 'pipe:1'];
  const tool = await tools.start({ program: 'ffmpeg', args, cwd: folder, limitSeconds, isLight: true, signal });
  tool.stdin.end();
  const startTicks = ({ timescale }: { timescale: number }) => Math.max(0, track.startSeconds) * timescale;
  const [packaged] = await Promise.all([packageParts(tool.stdout, { file, startTicks, segmentSeconds, isVideo, segmentsPerPart, onPart }), tool.done]);
  return packaged;
}
