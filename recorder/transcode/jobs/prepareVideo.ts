import path from 'node:path';
import { CodedError } from '#engine/contract';
import type { VideoRow } from '../../library/index.ts';
import { Manifest } from '../../renditions/index.ts';
import type { ManifestRendition } from '../../renditions/index.ts';
import { copyTrack } from '../encode/copyTrack.ts';
import { posterOfSource } from '../images/posterOfSource.ts';
import { isCopyable } from '../ladder/copyable.ts';
import { minWorkSeconds, slowReadBytesPerSecond } from '../limits.ts';
import { perSecond } from '../probe/frameRates.ts';
import { probeSource } from '../probe/probeSource.ts';
import type { ProbedSource } from '../probe/probeSource.ts';
import type { SourceProfile, VideoProfile } from '../probe/SourceProfile.ts';
import { inputFile, openingOptions, sourceFileName } from '../probe/toolOptions.ts';
import { ToolFailure } from '../tools/MediaTools.ts';
import { joined } from './assembleManifest.ts';
import { PartCollector } from './audioTask.ts';
import { FileSource } from './FileSource.ts';
import { switchTo } from './foldVideo.ts';
import { generationPrefix } from './keys.ts';
import { planGroup } from './planVideo.ts';
import { storeBytes } from './storeFile.ts';
import type { TaskProgress } from './TaskProgress.ts';
import type { TranscodePlan } from './transcodePlan.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';
import type { TranscodeRow } from './TranscodeStore.ts';

export interface Preparation {
  row: TranscodeRow;
  video: VideoRow;
  folder: string;
  progress: TaskProgress;
}

/** Probes an upload, makes it playable as it is where that is possible, and plans its ladder. */
export async function prepareUpload({ row, video, folder, progress }: Preparation, options: TranscoderOptions): Promise<TranscodePlan> {
  const { videos, sources, tools, support } = options;
  const { sourceFile } = video;
  if (!sourceFile) throw new CodedError('video.damaged', 'The file of this video is missing.');
  const { signal } = progress;
  const release = await sources.provide(sourceFile, path.join(folder, sourceFileName), signal);
  try {
    await videos.setWork(video._id, { stage: 'probing', share: 0 });
    const probed = await probeSource({ tools, folder, signal });
    await requireDecodable(probed, { row, video, folder, progress }, options);
    const isUrgent = video.manifest === null && !(await isPlayableAtOnce(probed, { row, video, folder, progress }, options));
    if (video.posterKey === null) await makePoster(probed, { row, video, folder, progress }, options);
    const { profile, container } = probed;
    const source = fileSourceOf(probed);
    const passes = profile.video
      ? await planGroup(
          { group: 'main', size: profile.video, rate: profile.video.frameRate, durationSeconds: profile.durationSeconds, keyframes: profile.video.keyframes, isIndexed: container.isIndexed, source: new FileSource({ ...source, durationSeconds: profile.durationSeconds }, () => undefined) },
          { heights: row.heights, isUrgent, folder, signal },
          { tools, support },
        )
      : [];
    const audio = profile.audio.map(({ index, language }, track) => ({ id: `audio-${track + 1}`, index, language: language ?? null }));
    return { version: 1, durationSeconds: playedSeconds(profile), source: { kind: 'file', ...source }, passes, audio };
  } finally {
    release();
  }
}

/** A single frame is shown for the duration of a frame. */
function playedSeconds({ durationSeconds, video }: SourceProfile): number {
  return Math.max(durationSeconds, video ? 1 / perSecond(video.frameRate) : 0, 0.001);
}

function fileSourceOf({ container, profile }: ProbedSource) {
  const { video } = profile;
  const look = video && { isInterlaced: video.isInterlaced, transfer: video.transfer, heightPx: video.heightPx, ...(video.matrix !== undefined && { matrix: video.matrix }) };
  return { demuxer: container.demuxer, originSeconds: profile.originSeconds, videoIndex: video?.index ?? null, look };
}

/** The first frame, or the first audio, has to be decodable: everything else can be patched. */
async function requireDecodable({ container, profile }: ProbedSource, { folder, progress }: Preparation, { tools }: TranscoderOptions): Promise<void> {
  const wanted = [profile.video, ...profile.audio].flatMap((track) => track?.index ?? []);
  for (const index of wanted) {
    const isVideo = index === profile.video?.index;
    const args = [...openingOptions(container), ...inputFile(), '-map', `0:${index}`, isVideo ? '-frames:v' : '-frames:a', '1', '-f', 'framecrc', 'pipe:1'];
    const text = await tools.read({ program: 'ffmpeg', args, cwd: folder, limitSeconds: minWorkSeconds, isLight: true, signal: progress.signal }).catch((err: unknown) => {
      if (err instanceof ToolFailure && !err.isTimeout) return '';
      throw err;
    });
    if (!text.split('\n').some((line) => /^\d/.test(line))) throw new CodedError('video.damaged', `The file is damaged, or its ${isVideo ? 'video' : 'audio'} is of a kind that cannot be decoded.`);
  }
}

/** Makes an upload playable without encoding it. False if browsers would not play it as it is. */
async function isPlayableAtOnce(probed: ProbedSource, preparation: Preparation, options: TranscoderOptions): Promise<boolean> {
  if (!isCopyable(probed.profile)) return false;
  try {
    await copyTracks(probed, preparation, options);
    return true;
  } catch (err) {
    const isDamaged = err instanceof ToolFailure || (err instanceof CodedError && err.code === 'video.damaged');
    if (!isDamaged) throw err;
    // Encoding may make more of it.
    options.logger.warn({ err, videoId: preparation.video._id }, 'transcode.copyFailed');
    return false;
  }
}

async function copyTracks({ container, profile }: ProbedSource, { row, video, folder, progress }: Preparation, options: TranscoderOptions): Promise<void> {
  const { tools, store } = options;
  const limitSeconds = minWorkSeconds + (video.sourceFile?.bytes ?? 0) / slowReadBytesPerSecond;
  const copy = async (track: { index: number; startSeconds: number }, renditionId: string): Promise<ManifestRendition> => {
    const collector = new PartCollector({ videoId: video._id, generation: row.generation }, { renditionId, store, progress });
    const isVideo = track === profile.video;
    await copyTrack({ tools, folder, container, track, isVideo, limitSeconds, file: path.join(folder, `${renditionId}.part`), signal: progress.signal, onPart: (part) => collector.add(part) });
    const frameRate = isVideo && profile.video ? perSecond(profile.video.frameRate) : null;
    return joined([await collector.rendition()], { group: 'main', frameRate, language: isVideo ? null : (profile.audio[0]?.language ?? null) });
  };
  const renditions = [...(profile.video ? [await copy(profile.video, 'source-video')] : []), ...(profile.audio[0] ? [await copy(profile.audio[0], 'source-audio')] : [])];
  const durationMs = Math.max(...renditions.map(({ segments }) => segments.reduce((sum, segment) => sum + segment.durationMs, 0)));
  await switchTo({ row, manifest: Manifest.parse({ version: 1, durationMs, renditions }), name: 'manifest-source.json', progress }, options);
}

async function makePoster({ container, profile }: ProbedSource, { row, video, folder, progress }: Preparation, { tools, support, store, videos, logger }: TranscoderOptions): Promise<void> {
  if (!profile.video) return;
  try {
    const image = await posterOfSource({ ...profile, video: profile.video satisfies VideoProfile }, { tools, folder, container, support, signal: progress.signal });
    const poster = await storeBytes(store, `${generationPrefix({ videoId: video._id, generation: row.generation })}poster.jpg`, image);
    await videos.setImages(video._id, { poster });
  } catch (err) {
    // A poster is not essential.
    if (!(err instanceof ToolFailure)) throw err;
    logger.warn({ err, videoId: video._id }, 'transcode.posterFailed');
  }
}
