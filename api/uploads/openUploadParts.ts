import type { AccessPolicy } from '#engine';
import type { VideoId } from '#engine/contract';
import { maxPlainUploadBytes } from '#recorder';
import type { Uploads, VideoStore } from '#recorder';
import type { LoginStore } from '../accounts/LoginStore.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { tusAbilities } from './tusHeaders.ts';
import { uploadHandlers } from './uploadHandlers.ts';
import { UploadRules } from './UploadRules.ts';

/** What the API needs of the recorder to take files. */
export interface Uploading {
  uploads: Uploads;
  videos: Pick<VideoStore, 'get' | 'getMany'>;
}

export interface UploadPartsOptions {
  uploading: Uploading;
  policy: AccessPolicy;
  logins: LoginStore;
  settings: CurrentSettings;
}

/** The routes of uploads. `close`: stops following the logins. */
export function openUploadParts({ uploading: { uploads, videos }, policy, logins, settings }: UploadPartsOptions) {
  const videosOf = async (videoIds: readonly VideoId[]) => (await videos.getMany(videoIds)).map(({ _id }) => ({ id: _id }));
  const videoOf = async (videoId: VideoId) => {
    const row = await videos.get(videoId);
    return { courseId: row.courseId, source: row.source, isDeleted: row.deletedAt !== null };
  };
  return {
    handlers: uploadHandlers({ uploads, policy, videoOf, rules: new UploadRules({ rows: uploads.rows, settings, videosOf }), maxPlainBytes: maxPlainUploadBytes }),
    abilities: tusAbilities(uploads.hasChecksums),
    close: logins.onEnded(({ loginId }) => uploads.endTransfersOf(loginId)),
  };
}
