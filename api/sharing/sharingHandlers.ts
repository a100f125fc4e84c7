import { may } from '#engine/contract';
import type { TokenSigner } from '#engine/kernel';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { CodedError, CourseId, VideoId } from '#engine/contract';
import type { VideoRow, VideoStore, VideoTrash } from '#recorder';
import type { Call, Handlers } from '../access/index.ts';
import type { deletedVideoRoutes, sharingRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import { restorableUntil } from '../removal/Removal.ts';
import type { Removal } from '../removal/Removal.ts';
import { fileLifetimeSeconds, maxListedDeletedVideos } from './limits.ts';
import { oembed } from './oembed.ts';
import type { Sharing } from './Sharing.ts';

export interface SharingHandlersOptions {
  sharing: Sharing;
  removal: Removal;
  trash: Pick<VideoTrash, 'deletedIn'>;
  videos: Pick<VideoStore, 'get'>;
  courses: Pick<Courses, 'ofUser'>;
  tokens: TokenSigner;
  clock: Clock;
}

type DownloadCall = Pick<Call<'createVideoFile'>, 'params' | 'query' | 'caller' | 'course'>;

export function sharingHandlers({ sharing, removal, trash, videos, courses, tokens, clock }: SharingHandlersOptions): Handlers<keyof typeof sharingRoutes | keyof typeof deletedVideoRoutes> {
  const file = async ({ params, query, caller, course }: DownloadCall) => {
    const isManager = may(course.role, 'video.manage');
    const video = await videos.get(params.videoId);
    requireDownloadable(video, isManager);
    const viewer = { userId: caller.userId, loginId: caller.loginId };
    const token = tokens.sign('file', { videoId: params.videoId, viewer, view: query.view, heightPx: query.height ?? null, isManager }, fileLifetimeSeconds);
    return { url: `/media/${token}/download/video.mp4`, expiresAt: toInstant(clock.nowMs() + fileLifetimeSeconds * 1000) };
  };
  return {
    downloadVideo: async (call) => ({ location: (await file(call)).url }),
    createVideoFile: file,
    deleteVideo: async ({ params, caller }) => ({ restorableUntil: await removal.delete(params.videoId, caller.userId) }),
    restoreVideo: async ({ params }) => {
      await removal.restore(params.videoId);
      return null;
    },
    listDeletedVideos: async ({ caller }) => {
      const mine = new Map((await courses.ofUser(caller)).filter(({ role }) => may(role, 'video.delete')).map(({ course }) => [course._id, course.title]));
      const rows = await trash.deletedIn([...mine.keys()], maxListedDeletedVideos);
      return { videos: rows.flatMap((row) => deletedVideo(row, mine.get(row.courseId) ?? '')) };
    },
    updateSharing: ({ params, body }) => sharing.update(params.videoId, body),
    listLinks: async ({ params }) => ({ links: await sharing.list(params.videoId) }),
    createLink: ({ params, body, caller, course, client }) => sharing.create(params.videoId, body, { userId: caller.userId, courseId: course.courseId, origin: client.origin }),
    deleteLink: async ({ params }) => {
      await sharing.revoke(params.videoId, params.linkId);
      return null;
    },
    getShared: ({ params, client }) => sharing.show(params.token, client.origin),
    getSharedStream: ({ params }) => sharing.stream(params.token),
    getOembed: ({ query, client }) => oembed(sharing, query, client.origin),
  };
}

/** @throws CodedError `video.notFound`, `video.notReady`, `video.notDownloadable` */
function requireDownloadable({ deletedAt, state, isDownloadable }: VideoRow, isManager: boolean): void {
  if (deletedAt !== null) throw new CodedError('video.notFound', 'There is no such video.');
  if (!isDownloadable && !isManager) throw new CodedError('video.notDownloadable', 'Downloads of this video are turned off.');
  if (state !== 'ready') throw new CodedError('video.notReady', state === 'live' ? 'This lecture is still being recorded. Download it when it has ended.' : 'This video is being prepared. Try again in a few minutes.');
}

function deletedVideo({ _id, courseId, title, durationSeconds, deletedAt }: VideoRow, courseTitle: string) {
  if (deletedAt === null) return [];
  return [{ id: VideoId.parse(_id), courseId: CourseId.parse(courseId), courseTitle, title, durationSeconds, deletedAt, restorableUntil: restorableUntil(deletedAt) }];
}
