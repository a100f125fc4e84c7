import * as z from 'zod';
import { RenditionGroup } from '../../contract/index.ts';
import { ladderHeights } from '../ladder/ladder.ts';

const Seconds = z.number().min(0);
const Count = z.number().int().min(0);

const Rung = z.object({ height: z.union(ladderHeights.map((height) => z.literal(height))), widthPx: z.number().int().min(2), heightPx: z.number().int().min(2) });
const Quality = z.object({ crf: z.number(), maxBps: z.number().positive(), bufferBits: z.number().positive() });

const Look = z.object({
  isInterlaced: z.boolean(),
  transfer: z.enum(['sdr', 'pq', 'hlg']),
  matrix: z.string().optional(),
  heightPx: Count,
});

/** One pass over the video of a group: all of its sizes are encoded from one decoding. */
const VideoPass = z.object({
  group: RenditionGroup,
  pass: Count,
  rungs: z.array(z.object({ rung: Rung, quality: Quality })).min(1),
  rate: z.object({ num: z.number().int().min(1), den: z.number().int().min(1) }),
  keyframeFrames: z.number().int().min(1),
  /** `decodeFromSeconds`: the keyframe of the source from which the part is decoded, on the timeline; null for the start. */
  parts: z.array(z.object({ firstFrame: Count, frameCount: z.number().int().min(1), decodeFromSeconds: Seconds.nullable() })).min(1),
});
export type VideoPass = z.infer<typeof VideoPass>;

const AudioTrack = z.object({
  /** Of the rendition. */
  id: z.string(),
  /** Of the track in the file; ignored for recordings. */
  index: Count,
  language: z.string().nullable(),
});
export type AudioTrack = z.infer<typeof AudioTrack>;

/** An uploaded file, or the segments of a recording. */
const PlannedSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    demuxer: z.string(),
    originSeconds: z.number(),
    videoIndex: Count.nullable(),
    look: Look.nullable(),
  }),
  z.object({ kind: z.literal('recording'), recordingId: z.string() }),
]);

/** What is made of a video. Stored as an object while it is made. */
export const TranscodePlan = z.object({
  version: z.literal(1),
  durationSeconds: z.number().positive(),
  source: PlannedSource,
  passes: z.array(VideoPass),
  audio: z.array(AudioTrack),
});
export type TranscodePlan = z.infer<typeof TranscodePlan>;

export function videoTask({ group, pass }: Pick<VideoPass, 'group' | 'pass'>, part: number): string {
  return `video-${group}-${pass}-${part}`;
}

export function audioTask(track: number): string {
  return `audio-${track}`;
}

/** The work of each task, in seconds of media for each size; audio costs a twentieth. */
export function weightsOf({ passes, audio, durationSeconds }: TranscodePlan): Record<string, number> {
  const video = passes.flatMap((pass) => {
    const sizes = pass.rungs.reduce((sum, { rung }) => sum + rung.widthPx * rung.heightPx, 0) / 1e6;
    return pass.parts.map(({ frameCount }, index): [string, number] => [videoTask(pass, index), ((frameCount * pass.rate.den) / pass.rate.num) * (sizes + 0.2)]);
  });
  return Object.fromEntries([...video, ...audio.map((_, index): [string, number] => [audioTask(index), Math.max(0.1, durationSeconds / 20)])]);
}

const RecordedPart = z.object({ key: z.string(), bytes: Count, sha256: z.string() });
const RecordedSegment = z.object({ part: Count, offset: Count, bytes: z.number().int().min(1), durationMs: z.number().positive(), keyframeBytes: z.number().int().min(1).optional() });

/** What a task has made of one rendition. */
const RecordedRendition = z.object({
  id: z.string(),
  codecString: z.string(),
  widthPx: z.number().int().min(1).nullable(),
  heightPx: z.number().int().min(1).nullable(),
  channelCount: z.number().int().min(1).nullable(),
  init: RecordedPart,
  parts: z.array(RecordedPart),
  segments: z.array(RecordedSegment),
});
export type RecordedRendition = z.infer<typeof RecordedRendition>;

/** The record of a finished task. */
export const TaskRecord = z.object({ renditions: z.array(RecordedRendition), waveform: RecordedPart.optional(), isBlack: z.boolean().optional() });
export type TaskRecord = z.infer<typeof TaskRecord>;
