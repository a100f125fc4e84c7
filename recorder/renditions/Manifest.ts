import * as z from 'zod';
import { RenditionId, RenditionSummary } from '../contract/index.ts';
import type { RenditionGroup } from '../contract/index.ts';
import { isObjectKey } from '../storage/objectKey.ts';

const Count = z.number().int().min(0);

/** An object in the store. */
const ManifestFile = z.object({ key: z.string().refine(isObjectKey), bytes: Count, sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type ManifestFile = z.infer<typeof ManifestFile>;

/** A segment: a range of bytes of a part, which begins with a `moof`. */
const ManifestSegment = z.object({
  /** The index of its part. */
  part: Count,
  offset: Count,
  bytes: z.number().int().min(1),
  durationMs: z.number().positive(),
  /** How many bytes from `offset` on contain its first frame, of a video that has a keyframe there. */
  keyframeBytes: z.number().int().min(1).optional(),
  /** Its timestamps do not continue those of the segment before it. */
  isDiscontinuous: z.boolean().optional(),
});
export type ManifestSegment = z.infer<typeof ManifestSegment>;

const ManifestRendition = RenditionSummary.extend({ init: ManifestFile, parts: z.array(ManifestFile).min(1), segments: z.array(ManifestSegment).min(1) }).refine(
  ({ parts, segments }) => segments.every(({ part, offset, bytes }) => offset + bytes <= (parts[part]?.bytes ?? 0)),
  'A segment is outside of its part.',
);
export type ManifestRendition = z.infer<typeof ManifestRendition>;

/**
 * Every segment of every rendition of one video. Video renditions of one group have segments at the same times, and every segment begins
 * with a keyframe. It never changes: renditions that are made again have a manifest of their own.
 */
export const Manifest = z
  .object({ version: z.literal(1), durationMs: z.number().positive(), renditions: z.array(ManifestRendition).min(1) })
  .refine(({ renditions }) => new Set(renditions.map(({ id }) => id)).size === renditions.length, 'Two renditions have the same id.');
export type Manifest = z.infer<typeof Manifest>;

/** The folder of everything that is made of a video, the file it was made from included. */
export function videoPrefix(videoId: string): string {
  return `videos/${videoId}/`;
}

/** The folder of the files of one rendition. */
export function renditionPrefix(videoId: string, { generation, renditionId }: { generation: number; renditionId: string }): string {
  return `${videoPrefix(videoId)}${generation}/${RenditionId.parse(renditionId)}/`;
}

export function summaryOf({ init: _init, parts: _parts, segments: _segments, ...summary }: ManifestRendition): RenditionSummary {
  return summary;
}

export function renditionsIn({ renditions }: Manifest, group: RenditionGroup, kind: RenditionSummary['kind']): ManifestRendition[] {
  return renditions.filter((one) => one.group === group && one.kind === kind);
}
