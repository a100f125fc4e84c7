import * as z from 'zod';

/** Where a video comes from. */
export const VideoSource = z.enum(['recording', 'upload', 'clip']);
export type VideoSource = z.infer<typeof VideoSource>;

/**
 * `live`: its recording is growing; `processing`: an upload without a playable rendition yet; `ready`: it can be played; `failed`: it
 * cannot be played, because its recording is empty or its file cannot be used.
 */
export const VideoState = z.enum(['live', 'processing', 'ready', 'failed']);
export type VideoState = z.infer<typeof VideoState>;

/** Who may watch: the members of its course, also those who have a sharing link, or everybody. */
export const VideoVisibility = z.enum(['course', 'link', 'public']);
export type VideoVisibility = z.infer<typeof VideoVisibility>;

/** What is still being made of a video, also of one that can be played already. */
export const VideoWork = z.object({
  stage: z.enum(['waiting', 'scanning', 'probing', 'encoding', 'images', 'folding']),
  share: z.number().min(0).max(1).describe('The share of the stage that is done.'),
});
export type VideoWork = z.infer<typeof VideoWork>;

/** Why a video failed, for the person who uploaded it. */
export const VideoFailure = z.object({ code: z.string().max(60), message: z.string().max(500) });
export type VideoFailure = z.infer<typeof VideoFailure>;

/** Renditions that are played together: the main video with its audio, or the screen. */
export const RenditionGroup = z.enum(['main', 'screen']);
export type RenditionGroup = z.infer<typeof RenditionGroup>;

/** Part of URLs and keys, where `main` and `screen` name the groups and `…-iframes` the playlist of keyframes. */
export const RenditionId = z.string().regex(/^(?!(?:main|screen)$)(?!.*-iframes$)[a-z0-9][a-z0-9-]{0,31}$/);

const Bps = z.number().int().min(1);

/** One encoding of the video or the audio of a video. Fields of the other kind are null. */
export const RenditionSummary = z.object({
  id: RenditionId,
  group: RenditionGroup,
  kind: z.enum(['video', 'audio']),
  codecString: z.string().regex(/^[\w.]{3,40}$/).describe('RFC 6381, like avc1.64001f or mp4a.40.2.'),
  widthPx: z.number().int().min(1).nullable(),
  heightPx: z.number().int().min(1).nullable(),
  frameRate: z.number().positive().nullable(),
  channelCount: z.number().int().min(1).nullable(),
  language: z.string().regex(/^[A-Za-z0-9-]{2,35}$/).nullable().describe('BCP 47 tag of the audio, where the source names it.'),
  peakBps: Bps,
  averageBps: Bps,
  bytes: z.number().int().min(0),
});
export type RenditionSummary = z.infer<typeof RenditionSummary>;
