import { RecordId, VideoId } from '#engine/contract';
import { captionTypes, editedCues, keptOfVideo, parseCaptions, writeCaptions } from '#recorder';
import type { CaptionRow, CaptionStore, ParsedCaptions, VideoStore } from '#recorder';
import { maxCaptionLabelLength } from '#recorder/contract';
import type { Cue } from '#recorder/contract';
import type { Handlers } from '../access/index.ts';
import type { captionRoutes } from '../contract/index.ts';

export interface CaptionHandlersOptions {
  captions: CaptionStore;
  videos: Pick<VideoStore, 'get'>;
}

/** The captions of videos. */
export function captionHandlers({ captions, videos }: CaptionHandlersOptions): Handlers<keyof typeof captionRoutes> {
  const viewed = async (videoId: VideoId, captionId: string): Promise<CaptionRow> => {
    const [video, row] = await Promise.all([videos.get(videoId), captions.get(videoId, captionId)]);
    return { ...row, cues: editedCues(row.cues, keptOfVideo(video, lastMs(row.cues))) };
  };
  return {
    listCaptions: async ({ params }) => ({ captions: (await videos.get(params.videoId)).captions.map((track) => ({ ...track, id: RecordId.parse(track.id) })) }),
    addCaptions: async ({ params, query: { language, label = nameOf(language) }, body }) => {
      const parsed = body.length === 0 ? undefined : parseCaptions(body);
      const row = await captions.add(params.videoId, { language, label, cues: parsed?.cues ?? [] });
      return { captions: viewOf(row), imported: parsed ? importOf(parsed) : null };
    },
    getCaptions: async ({ params }) => viewOf(await captions.get(params.videoId, params.captionId)),
    updateCaptions: async ({ params, body }) => viewOf(await captions.update(params.videoId, params.captionId, body)),
    deleteCaptions: async ({ params }) => {
      await captions.remove(params.videoId, params.captionId);
      return null;
    },
    getCaptionCues: async ({ params }) => {
      const { _id, language, label, cues } = await viewed(params.videoId, params.captionId);
      return { id: RecordId.parse(_id), language, label, cues };
    },
    downloadCaptions: async ({ params, query: { format } }) => {
      const { _id, language, cues } = await viewed(params.videoId, params.captionId);
      const body = Buffer.from(writeCaptions(cues, format));
      // Letters, digits and hyphens only.
      const headers = { 'Content-Disposition': `attachment; filename="${_id}.${language}.${format}"`, 'Content-Length': String(body.length) };
      return { contentType: captionTypes[format], body: new Uint8Array(body), headers };
    },
  };
}

function viewOf({ _id, videoId, language, label, cues, revision, updatedAt }: CaptionRow) {
  return { id: RecordId.parse(_id), videoId: VideoId.parse(videoId), language, label, cues, revision, updatedAt };
}

function importOf({ format, encoding, skipped }: ParsedCaptions) {
  return { format, encoding, skippedCount: skipped.count, skipped: skipped.named };
}

/** The name of a language in that language: `Español`. */
function nameOf(language: string): string {
  const name = new Intl.DisplayNames([language, 'en'], { type: 'language', fallback: 'code' }).of(language) ?? language;
  return `${name.slice(0, 1).toLocaleUpperCase(language)}${name.slice(1)}`.slice(0, maxCaptionLabelLength);
}

function lastMs(cues: readonly Cue[]): number {
  return cues.reduce((last, { endMs }) => Math.max(last, endMs), 0);
}
