import * as z from 'zod';
import { Instant, RecordId, VideoId } from '#engine/contract';
import { CaptionFormat, CaptionLanguage, Cue, maxCaptionBytes, maxCaptionLabelLength, maxCaptionTracks, maxCues } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { Download, nothing, route, UploadBody } from './route.ts';
import { typedLine } from './text.ts';

const CaptionLabel = typedLine({ max: maxCaptionLabelLength, empty: 'Give the captions a name.' });

/** Captions of a video in one language, without their text. */
export const CaptionTrack = z.object({
  id: RecordId,
  language: z.string().describe('BCP 47.'),
  label: z.string().describe('What viewers choose.'),
  cueCount: z.number().int().min(0),
});
export type CaptionTrack = z.infer<typeof CaptionTrack>;

/** Captions as those who edit them see them. */
export const CaptionsView = z.object({
  id: RecordId,
  videoId: VideoId,
  language: z.string().describe('BCP 47.'),
  label: z.string(),
  cues: z.array(Cue).describe('In order, in source time: the time of the whole video, with what is cut.'),
  revision: z.number().int().min(1).describe('Raised by every change.'),
  updatedAt: Instant,
});
export type CaptionsView = z.infer<typeof CaptionsView>;

/** What was read of a file. */
export const CaptionImport = z.object({
  format: CaptionFormat,
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
  skippedCount: z.number().int().min(0).describe('Parts of the file that are no captions.'),
  skipped: z.array(z.object({ line: z.number().int().min(1), reason: z.enum(['noTime', 'endBeforeStart', 'tooLong', 'tooLate']) })).describe('The first of them, with their line in the file.'),
});
export type CaptionImport = z.infer<typeof CaptionImport>;

/** What viewers read: in edited time, without what is cut. */
export const ViewedCaptions = z.object({ id: RecordId, language: z.string(), label: z.string(), cues: z.array(z.object({ startMs: z.number().int().min(0), endMs: z.number().int(), text: z.string() })).describe('In order, in edited time. They may overlap.') });
export type ViewedCaptions = z.infer<typeof ViewedCaptions>;

const path = '/api/v1/content/:videoId/captions';
const CaptionParams = VideoParams.extend({ captionId: RecordId });

export const captionRoutes = {
  listCaptions: route({
    method: 'GET',
    path,
    params: VideoParams,
    response: z.object({ captions: z.array(CaptionTrack) }),
    auth: 'user',
    summary: 'List the captions of a video.',
  }),
  addCaptions: route({
    method: 'POST',
    path,
    params: VideoParams,
    query: z.object({ language: CaptionLanguage, label: CaptionLabel.optional().describe('The name of the language in that language when left out.') }),
    body: UploadBody,
    upload: { mediaTypes: ['text/vtt', 'application/x-subrip', 'application/octet-stream'], maxBytes: maxCaptionBytes },
    response: z.object({ captions: CaptionsView, imported: CaptionImport.nullable().describe('Null without a file.') }),
    status: 201,
    auth: 'user',
    summary: `Add captions to a video: a WebVTT or SubRip file in UTF-8, UTF-16 or Windows-1252, or an empty body for captions that are still to be written. At most ${maxCaptionTracks} for each video.`,
  }),
  getCaptions: route({ method: 'GET', path: `${path}/:captionId`, params: CaptionParams, response: CaptionsView, auth: 'user', summary: 'Get captions for editing.' }),
  updateCaptions: route({
    method: 'PUT',
    path: `${path}/:captionId`,
    params: CaptionParams,
    body: z.object({ language: CaptionLanguage, label: CaptionLabel, cues: z.array(Cue).max(maxCues) }).partial(),
    maxJsonBytes: maxCaptionBytes,
    response: CaptionsView,
    auth: 'user',
    summary: 'Change captions. Fields that are left out stay; `cues` replaces all of them.',
  }),
  deleteCaptions: route({ method: 'DELETE', path: `${path}/:captionId`, params: CaptionParams, response: nothing, status: 204, auth: 'user', summary: 'Delete captions for good.' }),
  getCaptionCues: route({ method: 'GET', path: `${path}/:captionId/cues`, params: CaptionParams, response: ViewedCaptions, auth: 'user', summary: 'Get captions as viewers see them.' }),
  downloadCaptions: route({
    method: 'GET',
    path: `${path}/:captionId/file`,
    params: CaptionParams,
    query: z.object({ format: CaptionFormat.default('vtt') }),
    response: Download,
    download: { mediaTypes: ['text/vtt', 'application/x-subrip'] },
    auth: 'user',
    summary: 'Download captions as viewers see them, as a WebVTT or SubRip file.',
  }),
};
