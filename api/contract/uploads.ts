import * as z from 'zod';
import { cleanLine, CourseId, Instant, UploadId, VideoId } from '#engine/contract';
import { VideoParams } from './content.ts';
import { maxTitleLength, maxUploadGb } from './limits.ts';
import { nothing, route } from './route.ts';

const Title = z.string().overwrite(cleanLine).max(maxTitleLength, `At most ${maxTitleLength} characters.`);

/** Characters of the name of a file as a client sends it. It is shortened. */
const maxSentFileNameLength = 1000;

/** What the header `Upload-Metadata` of tus says: names and base64 values. Other names are ignored. */
export const UploadMetadata = z.object({
  courseId: CourseId,
  title: Title.optional().describe('The title of the video; by default, the name of the file.'),
  filename: z.string().max(maxSentFileNameLength).optional().describe('A label: it decides neither the type nor where the file is stored.'),
  filetype: z.string().max(200).optional().describe('Ignored: the type is found by the content.'),
  replaces: VideoId.optional().describe('A video of the course that gets this file in place of its own. It is watched as it was until the new one can be.'),
});
export type UploadMetadata = z.infer<typeof UploadMetadata>;

/** `receiving`: bytes are missing. `checking`: complete; the video is made when it has been checked. `refused`: see `problem`. */
export const UploadPhase = z.enum(['receiving', 'checking', 'done', 'refused']);
export type UploadPhase = z.infer<typeof UploadPhase>;

/** A file on its way to become a video. */
export const UploadView = z.object({
  id: UploadId,
  url: z.string().describe('Where tus continues it.'),
  courseId: CourseId,
  videoId: VideoId.describe('The video that it becomes. There is none before the file has been checked, unless it replaces the file of one.'),
  replaces: z.boolean(),
  title: z.string(),
  fileName: z.string(),
  state: UploadPhase,
  bytes: z.number().int(),
  offset: z.number().int().describe('Bytes that have arrived.'),
  problem: z.object({ code: z.string(), message: z.string() }).nullable().describe('Why it was refused, or what delays the check.'),
  createdAt: Instant,
  updatedAt: Instant,
  expiresAt: Instant.describe('When it is removed, if nobody continues it.'),
});
export type UploadView = z.infer<typeof UploadView>;

const UploadParams = z.object({ uploadId: UploadId });
const version = z.literal('1.0.0');
const length = z.string().regex(/^[0-9]{1,15}$/);

/** The response of tus has headers and no body. */
const empty = z.null();

/** The address of an upload. */
export function uploadPath(uploadId: string): string {
  return `/api/v1/content/uploads/${uploadId}`;
}

export const uploadRoutes = {
  listUploads: route({
    method: 'GET',
    path: '/api/v1/content/uploads',
    response: z.object({ uploads: z.array(UploadView) }),
    auth: 'user',
    summary: 'List your uploads that are not finished, or were refused, newest first.',
  }),
  uploadFile: route({
    method: 'POST',
    path: '/api/v1/content/upload',
    query: z.object({ courseId: CourseId, title: Title.optional(), replaces: VideoId.optional() }),
    exchange: { protocol: 'multipart' },
    response: UploadView,
    status: 201,
    auth: 'user',
    summary: 'Upload a file of at most 256 MB to a course in one request, as the part `file` of a form. Larger files, and those that should survive a lost connection, are sent by tus.',
  }),
  createUpload: route({
    method: 'POST',
    path: '/api/v1/content/uploads',
    body: UploadMetadata,
    exchange: {
      protocol: 'tus',
      headers: z.object({ 'Tus-Resumable': version, 'Upload-Length': length, 'Upload-Metadata': z.string() }),
      responseHeaders: z.object({ Location: z.string(), 'Upload-Expires': z.string(), 'Lectern-Video': VideoId }),
    },
    response: empty,
    status: 201,
    auth: 'user',
    summary: `tus 1.0: create a resumable upload to a course. Up to ${maxUploadGb} GB, less for some roles; it is kept for a week after its last byte.`,
  }),
  getUploadOffset: route({
    method: 'HEAD',
    path: '/api/v1/content/uploads/:uploadId',
    params: UploadParams,
    exchange: { protocol: 'tus', headers: z.object({ 'Tus-Resumable': version }), responseHeaders: z.object({ 'Upload-Offset': length, 'Upload-Length': length }) },
    response: empty,
    status: 200,
    auth: 'user',
    summary: 'tus 1.0: where to continue an upload of yours.',
  }),
  appendToUpload: route({
    method: 'PATCH',
    path: '/api/v1/content/uploads/:uploadId',
    params: UploadParams,
    exchange: {
      protocol: 'tus',
      headers: z.object({ 'Tus-Resumable': version, 'Upload-Offset': length, 'Content-Type': z.literal('application/offset+octet-stream'), 'Upload-Checksum': z.string().optional() }),
      responseHeaders: z.object({ 'Upload-Offset': length, 'Upload-Expires': z.string().optional() }),
    },
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'tus 1.0: send bytes of an upload of yours. With the last one the file is checked and becomes a video.',
  }),
  cancelUpload: route({
    method: 'DELETE',
    path: '/api/v1/content/uploads/:uploadId',
    params: UploadParams,
    exchange: { protocol: 'tus', headers: z.object({ 'Tus-Resumable': version }) },
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'tus 1.0: cancel an unfinished upload of yours, and delete what has arrived.',
  }),
  replaceVideo: route({
    method: 'POST',
    path: '/api/v1/content/:videoId/replace',
    params: VideoParams,
    exchange: { protocol: 'multipart' },
    response: UploadView,
    status: 201,
    auth: 'user',
    summary: 'Give a video another file of at most 256 MB, as the part `file` of a form. It is watched as it was until the new file can be. Larger files are sent by tus, with `replaces` in the metadata.',
  }),
};
