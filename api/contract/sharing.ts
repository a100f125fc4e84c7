import * as z from 'zod';
import { CourseId, Instant, RecordId, VideoId } from '#engine/contract';
import { VideoVisibility } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { maxEmbedSites, maxLinkLabelLength, maxSharingLinks, maxSharingTokenLength, videoTrashDays } from './limits.ts';
import { Download, nothing, route } from './route.ts';
import { PlaybackTrack } from './video.ts';

/** An origin that may show the player in a frame: `https://moodle.example.org`, `https://*.example.org`; `*` is every site. */
export const EmbedSite = z.string().max(200).regex(/^(?:\*|https?:\/\/(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?)$/, 'Write it as https://moodle.example.org, without a path.');

/** A link by which people without an account watch a video. */
export const SharingLink = z.object({
  id: RecordId,
  label: z.string().describe('For whom it is.'),
  sites: z.array(EmbedSite).describe('Sites that may show the player in a frame; empty: none.'),
  expiresAt: Instant.nullable(),
  isExpired: z.boolean(),
  views: z.number().int().describe('How often the video was opened by it.'),
  createdAt: Instant,
});
export type SharingLink = z.infer<typeof SharingLink>;

/** The addresses of a link. They contain its secret, which is not stored: they are shown once. */
export const SharingAddresses = z.object({
  token: z.string(),
  pageUrl: z.string().describe('A page with the player.'),
  embedUrl: z.string().describe('The player alone, for a frame.'),
  embedCode: z.string().describe('HTML for another page.'),
  playerUrl: z.string().describe('The HLS playlist, for other players, learning platforms and televisions. It redirects to an address that is valid for some hours.'),
});
export type SharingAddresses = z.infer<typeof SharingAddresses>;

/** How a video is shared beyond its course. */
export const VideoSharing = z.object({
  visibility: VideoVisibility,
  visibleFrom: Instant.nullable().describe('Before it, only those who manage videos see it.'),
  isDownloadable: z.boolean(),
});
export type VideoSharing = z.infer<typeof VideoSharing>;

/** What a person without an account sees of a video. */
export const SharedVideo = z.object({
  title: z.string(),
  description: z.string().describe('Markdown, without raw HTML.'),
  courseTitle: z.string(),
  recordedAt: Instant,
  durationSeconds: z.number(),
  posterUrl: z.string().nullable().describe('A signed URL that expires.'),
  pageUrl: z.string(),
});
export type SharedVideo = z.infer<typeof SharedVideo>;

export const SharedStream = z.object({ tracks: z.array(PlaybackTrack), expiresAt: Instant.describe('Get new URLs before then.') });
export type SharedStream = z.infer<typeof SharedStream>;

export const VideoFile = z.object({
  url: z.string().describe('The path of the file on this server. It answers ranges, needs no other permission, and expires.'),
  expiresAt: Instant,
});
export type VideoFile = z.infer<typeof VideoFile>;

/** A deleted video that can still be restored. */
export const DeletedVideo = z.object({ id: VideoId, courseId: CourseId, courseTitle: z.string(), title: z.string(), durationSeconds: z.number(), deletedAt: Instant, restorableUntil: Instant });
export type DeletedVideo = z.infer<typeof DeletedVideo>;

const DownloadQuery = z.object({
  height: z.coerce.number().int().min(1).max(10_000).optional().describe('The best that is not higher; the best of all when left out.'),
  view: z.enum(['main', 'screen']).default('main').describe('The camera or the uploaded video, or the screen. Both have the audio.'),
});

const LinkParams = VideoParams.extend({ linkId: RecordId });
const SharedParams = z.object({ token: z.string().min(1).max(maxSharingTokenLength).describe('That of a sharing link, or the id of a public video.') });
const links = '/api/v1/content/:videoId/links';

/** Before the routes of one video: `deleted` is no id. */
export const deletedVideoRoutes = {
  listDeletedVideos: route({
    method: 'GET',
    path: '/api/v1/content/deleted',
    response: z.object({ videos: z.array(DeletedVideo) }),
    auth: 'user',
    summary: `List the videos of your courses that were deleted in the last ${videoTrashDays} days, the last one first.`,
  }),
};

export const sharingRoutes = {
  downloadVideo: route({
    method: 'GET',
    path: '/api/v1/content/:videoId/download',
    params: VideoParams,
    query: DownloadQuery,
    response: z.object({ location: z.string() }),
    status: 302,
    auth: 'user',
    summary: 'Download a video as MP4, if its instructor allows it. It redirects to the file, which answers ranges and is made from the segments without re-encoding.',
  }),
  createVideoFile: route({
    method: 'POST',
    path: '/api/v1/content/:videoId/download',
    params: VideoParams,
    query: DownloadQuery,
    response: VideoFile,
    status: 201,
    auth: 'user',
    summary: 'Get the address of the MP4 of a video, for a link on a page or a download manager.',
  }),
  deleteVideo: route({
    method: 'DELETE',
    path: '/api/v1/content/:videoId/delete',
    params: VideoParams,
    response: z.object({ restorableUntil: Instant }),
    auth: 'user',
    summary: `Delete a video. It can be restored for ${videoTrashDays} days; then everything that is stored of it is removed.`,
  }),
  restoreVideo: route({ method: 'POST', path: '/api/v1/content/:videoId/restore', params: VideoParams, response: nothing, status: 204, auth: 'user', summary: 'Restore a deleted video.' }),
  updateSharing: route({
    method: 'PUT',
    path: '/api/v1/content/:videoId/sharing',
    params: VideoParams,
    body: VideoSharing.partial(),
    response: VideoSharing,
    auth: 'user',
    summary: 'Say who may watch and download a video. With the visibility `course`, its links open nothing.',
  }),
  listLinks: route({ method: 'GET', path: links, params: VideoParams, response: z.object({ links: z.array(SharingLink) }), auth: 'user', summary: 'List the sharing links of a video, the newest first.' }),
  createLink: route({
    method: 'POST',
    path: links,
    params: VideoParams,
    body: z.object({ label: z.string().trim().max(maxLinkLabelLength).default(''), sites: z.array(EmbedSite).max(maxEmbedSites).default([]), expiresAt: Instant.nullable().default(null) }),
    response: z.object({ link: SharingLink, addresses: SharingAddresses }),
    status: 201,
    auth: 'user',
    summary: `Create a sharing link, at most ${maxSharingLinks} for each video. A video for its course only becomes visible to those who have a link.`,
  }),
  deleteLink: route({ method: 'DELETE', path: `${links}/:linkId`, params: LinkParams, response: nothing, status: 204, auth: 'user', summary: 'Revoke a sharing link. Players that use it stop within a minute.' }),
  getShared: route({ method: 'GET', path: '/api/v1/shared/:token', params: SharedParams, response: SharedVideo, auth: 'none', summary: 'Get a video by a sharing link.' }),
  getSharedStream: route({ method: 'GET', path: '/api/v1/shared/:token/stream', params: SharedParams, response: SharedStream, auth: 'none', summary: 'Get the signed playlist URLs of a video by a sharing link.' }),
  getOembed: route({
    method: 'GET',
    path: '/api/v1/oembed',
    query: z.object({
      url: z.string().max(2000).describe('The page of a sharing link.'),
      format: z.enum(['json', 'xml']).default('json'),
      maxwidth: z.coerce.number().int().min(1).max(10_000).optional(),
      maxheight: z.coerce.number().int().min(1).max(10_000).optional(),
    }),
    response: Download,
    download: { mediaTypes: ['application/json', 'text/xml'] },
    auth: 'none',
    summary: 'oEmbed 1.0: the embed code of a shared video.',
  }),
};
