import * as z from 'zod';
import { cleanLine, CourseId, Instant, LectureId, RecordId, VideoId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { maxDownloadTokenLength, maxPositionSeconds, maxTitleLength } from './limits.ts';
import { Download, nothing, route, StreamedBody } from './route.ts';

/** Bytes of a file that an owner may attach: a book of scanned pages. An assistant may attach half of it. */
export const maxMaterialBytes = 200 * 2 ** 20;

/** Characters of the name of a file: what file systems allow, in bytes of the longest letters. */
export const maxFileNameLength = 120;

/** Characters of a link. */
export const maxLinkLength = 2000;

/** Materials of one course. All of them are listed at once. */
export const maxMaterialsOfCourse = 500;

/** How a page may show a file: `pdf` by a viewer that runs no scripts, `image` as a picture, `other` by downloading it. */
export const MaterialFormat = z.enum(['pdf', 'image', 'other']);

export const Material = z.object({
  id: RecordId,
  courseId: CourseId,
  title: z.string(),
  lectureId: LectureId.nullable().describe('The lecture that it belongs to; null for the whole course.'),
  videoId: VideoId.nullable().describe('The video that it belongs to.'),
  atSeconds: z.number().nullable().describe('The moment of the video that it belongs to.'),
  visibleFrom: Instant.nullable().describe('Before then it is visible to those who edit it. Null: at once.'),
  url: z.string().nullable().describe('Of a link; null for a file.'),
  file: z
    .object({ fileName: z.string(), contentType: z.string().describe('By the content of the file, not by its name.'), format: MaterialFormat, bytes: z.number().int() })
    .nullable()
    .describe('Null for a link.'),
  revision: z.number().int().describe('Raised by every change.'),
  updatedAt: Instant,
});
export type Material = z.infer<typeof Material>;

const Title = z.string().overwrite(cleanLine).min(1, 'Give it a title.').max(maxTitleLength, `At most ${maxTitleLength} characters.`);
const Link = z
  .string()
  .trim()
  .max(maxLinkLength)
  .refine((link) => /^https?:\/\/[^\s]+$/i.test(link) && URL.canParse(link), 'Enter a link that begins with https:// or http://.');
const placement = {
  lectureId: LectureId.nullable().default(null),
  videoId: VideoId.nullable().default(null),
  atSeconds: z.number().min(0).max(maxPositionSeconds).nullable().default(null),
  visibleFrom: Instant.nullable().default(null),
};
const hasVideo = ({ atSeconds, videoId }: { atSeconds: number | null; videoId: string | null }) => atSeconds === null || videoId !== null;
const videoMissing = { path: ['videoId'], message: 'Choose the video of this moment.' };

const FileName = z.string().overwrite(cleanLine).min(1).max(maxFileNameLength);
const path = '/api/v1/courses/:courseId/materials';
const MaterialParams = CourseParams.extend({ materialId: RecordId });
const upload = { mediaTypes: ['application/octet-stream'], maxBytes: maxMaterialBytes, isStreamed: true } as const;

export const materialRoutes = {
  listMaterials: route({
    method: 'GET',
    path,
    params: CourseParams,
    query: z.object({ lectureId: LectureId.optional(), videoId: VideoId.optional().describe('Those of the video and of its lecture.') }),
    response: z.object({ materials: z.array(Material).describe('In the order of the course.') }),
    auth: 'user',
    summary: 'List the materials of a course, or of a lecture or a video of it.',
  }),
  addLink: route({
    method: 'POST',
    path: `${path}/links`,
    params: CourseParams,
    body: z.object({ title: Title, url: Link, ...placement }).refine(hasVideo, videoMissing),
    response: Material,
    status: 201,
    auth: 'user',
    summary: 'Add a link to a course. The server does not open it.',
  }),
  uploadMaterial: route({
    method: 'POST',
    path: `${path}/files`,
    params: CourseParams,
    query: z.object({ fileName: FileName, title: Title.optional().describe('The name of the file when left out.') }),
    body: StreamedBody,
    upload,
    response: Material,
    status: 201,
    auth: 'user',
    summary: 'Add a file to a course: a PDF, slides, or any other.',
  }),
  replaceMaterialFile: route({
    method: 'PUT',
    path: `${path}/:materialId/file`,
    params: MaterialParams,
    query: z.object({ fileName: FileName }),
    body: StreamedBody,
    upload,
    response: Material,
    auth: 'user',
    summary: 'Replace the file of a material. It keeps its id, its title and its place.',
  }),
  updateMaterial: route({
    method: 'PUT',
    path: `${path}/:materialId`,
    params: MaterialParams,
    body: z.object({ title: Title, url: Link.nullable().default(null).describe('Of a link; null for a file.'), ...placement }).refine(hasVideo, videoMissing),
    response: Material,
    auth: 'user',
    summary: 'Edit the title, the link, the place or the date of a material.',
  }),
  getMaterial: route({ method: 'GET', path: `${path}/:materialId`, params: MaterialParams, response: Material, auth: 'user', summary: 'Get a material.' }),
  orderMaterials: route({
    method: 'PUT',
    path: '/api/v1/courses/:courseId/materials-order',
    params: CourseParams,
    body: z.object({ materialIds: z.array(RecordId).max(maxMaterialsOfCourse).describe('In their new order. Others come after them, in the order that they have.') }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Change the order of the materials of a course.',
  }),
  deleteMaterial: route({ method: 'DELETE', path: `${path}/:materialId`, params: MaterialParams, response: nothing, status: 204, auth: 'user', summary: 'Delete a material and its file.' }),
  openMaterial: route({
    method: 'GET',
    path: `${path}/:materialId/address`,
    params: MaterialParams,
    query: z.object({ isDownload: z.stringbool().default(false).describe('Always as an attachment.') }),
    response: z.object({ url: z.string().describe('The path of the file. It works for five minutes, while your login is open; get it again for a new one.') }),
    auth: 'user',
    summary: 'Get a short-lived address of the file of a material.',
  }),
  downloadMaterial: route({
    method: 'GET',
    path: '/api/v1/materials/:token',
    params: z.object({ token: z.string().min(1).max(maxDownloadTokenLength) }),
    response: Download,
    download: { mediaTypes: ['application/octet-stream', 'application/pdf', 'image/*'] },
    auth: 'none',
    summary: 'The file of a material. The token in the path is the permission: frames and pictures send no other.',
  }),
};
