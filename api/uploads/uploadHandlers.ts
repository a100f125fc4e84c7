import type { IncomingMessage } from 'node:http';
import type { AccessPolicy } from '#engine';
import { CodedError, CourseId, UploadId, VideoId } from '#engine/contract';
import { cleanFileName, titleOf, uploadNotFound } from '#recorder';
import type { UploadRow, Uploads } from '#recorder';
import type { VideoSource } from '#recorder/contract';
import type { Call, Caller, Handlers, HttpExchange } from '../access/index.ts';
import { uploadPath } from '../contract/index.ts';
import type { UploadPhase, uploadRoutes, UploadView } from '../contract/index.ts';
import { openFormFile, tooLargeForForm } from './FormFile.ts';
import { maxFormOverheadBytes } from './limits.ts';
import { expectedChecksum, headersOf, requestedBytes, requireTus, sendTus } from './tusHeaders.ts';
import type { UploadRules } from './UploadRules.ts';

/** What is known of a video that is to get another file. */
export interface ReplaceableVideo {
  courseId: string;
  /** Recordings have no file. */
  source: VideoSource;
  isDeleted: boolean;
}

export interface UploadHandlersOptions {
  uploads: Uploads;
  rules: UploadRules;
  policy: AccessPolicy;
  /** @throws CodedError `video.notFound` */
  videoOf: (videoId: VideoId) => Promise<ReplaceableVideo>;
  /** Bytes of a file in one request. */
  maxPlainBytes: number;
}

interface Named {
  courseId: CourseId;
  title?: string | undefined;
  filename?: string | undefined;
  replaces?: VideoId | undefined;
}

export function uploadHandlers(options: UploadHandlersOptions): Handlers<keyof typeof uploadRoutes> {
  const { uploads } = options;
  return {
    listUploads: async ({ caller }) => ({ uploads: (await uploads.rows.unfinishedOf(caller.userId)).map(uploadView) }),
    uploadFile: ({ query, ...call }) => receiveForm(options, call, query),
    replaceVideo: ({ params: { videoId }, course: { courseId }, ...call }) => receiveForm(options, call, { courseId, replaces: videoId }),
    createUpload: async ({ body, caller, exchange, note }) => {
      requireTus(exchange);
      const [bytes, checksum] = [requestedBytes(exchange.request), expectedChecksum(exchange.request, uploads.hasChecksums)];
      const row = await add(options, caller, { named: body, bytes });
      note({ uploadId: row._id, videoId: row.videoId });
      const response = await uploads.create(row, { loginId: caller.loginId, headers: headersOf(exchange.request), body: bodyOf(exchange.request), checksum, location: uploadPath(row._id), authorise: authoriser(options, caller, row) });
      sendTus(exchange, response, { 'Lectern-Video': row.videoId });
      return null;
    },
    getUploadOffset: ({ params, caller, exchange }) => respond(options, { ...params, caller, exchange, method: 'HEAD' }),
    appendToUpload: ({ params, caller, exchange }) => respond(options, { ...params, caller, exchange, method: 'PATCH' }),
    cancelUpload: ({ params, caller, exchange }) => respond(options, { ...params, caller, exchange, method: 'DELETE' }),
  };
}

type FormCall = Pick<Call<'uploadFile'>, 'caller' | 'exchange' | 'note'>;

/** A file in one request. */
async function receiveForm(options: UploadHandlersOptions, { caller, exchange: { request }, note }: FormCall, named: Named): Promise<UploadView> {
  const { uploads, maxPlainBytes } = options;
  const length = Number(request.headers['content-length'] ?? maxPlainBytes);
  if (length > maxPlainBytes + maxFormOverheadBytes) throw tooLargeForForm(maxPlainBytes);
  const { fileName, content } = await openFormFile({ contentType: request.headers['content-type'], body: request, maxBytes: maxPlainBytes });
  const row = await add(options, caller, { named: { ...named, filename: fileName }, bytes: Math.min(length, maxPlainBytes) });
  note({ uploadId: row._id, videoId: row.videoId });
  return uploadView(await uploads.receive(row, { content, loginId: caller.loginId, authorise: authoriser(options, caller, row) }));
}

interface OwnRequest {
  uploadId: string;
  caller: Caller;
  exchange: HttpExchange;
  method: 'HEAD' | 'PATCH' | 'DELETE';
}

async function respond(options: UploadHandlersOptions, { uploadId, caller, exchange, method }: OwnRequest): Promise<null> {
  requireTus(exchange);
  const { uploads } = options;
  const row = await ownUpload(options, { uploadId, caller, method });
  const checksum = expectedChecksum(exchange.request, uploads.hasChecksums);
  const response = await uploads.respond(row, { loginId: caller.loginId, method, headers: headersOf(exchange.request), body: method === 'PATCH' ? exchange.request : undefined, checksum, authorise: authoriser(options, caller, row) });
  sendTus(exchange, response, { 'Lectern-Video': row.videoId });
  return null;
}

/** The upload of its person, who may still upload to its course. Others learn nothing about it. */
async function ownUpload(options: UploadHandlersOptions, { uploadId, caller, method }: Omit<OwnRequest, 'exchange'>): Promise<UploadRow> {
  const row = await options.uploads.rows.find(uploadId);
  if (!row || row.userId !== caller.userId) throw uploadNotFound(uploadId);
  // Cancelling needs no right in the course.
  if (method !== 'DELETE') await authoriser(options, caller, row)();
  return row;
}

/** Asks whether the person may still upload to the course: before the request, and again before the file becomes a video. */
function authoriser({ policy }: UploadHandlersOptions, caller: Caller, { courseId }: UploadRow): () => Promise<void> {
  const isAdminAllowed = caller.scopes === undefined || caller.roles.includes('admin');
  return async () => void (await policy.requireInCourse(caller.userId, CourseId.parse(courseId), 'video.upload', { isAdminAllowed }));
}

async function add(options: UploadHandlersOptions, caller: Caller, { named, bytes }: { named: Named; bytes: number }): Promise<UploadRow> {
  const { uploads, rules } = options;
  const { courseId, replaces } = named;
  rules.requireSize(caller.roles, bytes);
  if (replaces !== undefined) await requireReplaceable(options, replaces, courseId);
  const fileName = cleanFileName(named.filename ?? '');
  const row = await uploads.add({ userId: caller.userId, loginId: caller.loginId, courseId, title: named.title || titleOf(fileName), fileName, bytes, replaces });
  try {
    await rules.requireRoom(row, caller.roles);
  } catch (error) {
    await uploads.rows.remove(row._id);
    throw error;
  }
  return row;
}

async function requireReplaceable({ videoOf }: UploadHandlersOptions, videoId: VideoId, courseId: string): Promise<void> {
  const video = await videoOf(videoId);
  if (video.courseId !== courseId || video.isDeleted) throw new CodedError('video.notFound', 'There is no such video in this course.', { details: { videoId } });
  if (video.source !== 'upload') throw new CodedError('upload.notReplaceable', 'Only an uploaded video can get another file. Upload the file as a new video.');
}

/** A creation may bring the first bytes. */
function bodyOf(request: IncomingMessage): IncomingMessage | undefined {
  return request.headers['content-type'] === 'application/offset+octet-stream' ? request : undefined;
}

const phases: Record<UploadRow['state'], UploadPhase> = { receiving: 'receiving', arrived: 'checking', stored: 'done', refused: 'refused' };

export function uploadView(row: UploadRow): UploadView {
  const { _id, courseId, videoId, replaces, title, fileName, bytes, offset, state, problem, createdAt, updatedAt, expiresAt } = row;
  return { id: UploadId.parse(_id), url: uploadPath(_id), courseId: CourseId.parse(courseId), videoId: VideoId.parse(videoId), replaces, title, fileName, state: phases[state], bytes, offset, problem, createdAt, updatedAt, expiresAt };
}
