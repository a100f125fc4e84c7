import { AccessPolicy } from '#engine';
import type { CourseRoles, LectureFacts } from '#engine';
import type { Bus, Clock, Database, Logger, TokenSigner } from '#engine/kernel';
import { CaptionMedia, CaptionStore, DownloadDelivery, Edits, forgetRevoked, MediaDelivery, PlayableVideos, VideoMedia } from '#recorder';
import type { DownloadLibrary, MediaDeliveryOptions, VideoStore } from '#recorder';
import type { LoginStore } from '../accounts/LoginStore.ts';
import { VideoGate } from '../content/VideoGate.ts';
import type { MediaService } from '../http/mountMedia.ts';
import { LinkStore } from '../sharing/LinkStore.ts';
import { openToLink } from '../sharing/openToLink.ts';

export interface OpenMediaOptions extends Pick<MediaDeliveryOptions, 'store' | 'isRedirecting'> {
  library: MediaDeliveryOptions['library'] & DownloadLibrary;
  videos: VideoStore;
  database: Database;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  tokens: TokenSigner;
  logins: LoginStore;
  courseRoles: CourseRoles;
  lectures: LectureFacts;
}

/** Serves playlists, segments and whole files to those who may watch. `close` ends that it follows what is revoked. */
export async function openMedia({ bus, videos, tokens, logins, courseRoles, lectures, database, ...options }: OpenMediaOptions): Promise<{ media: MediaService; close: () => void }> {
  const policy = new AccessPolicy({ courseRoles, lectures });
  const playable = new PlayableVideos(videos);
  const gate = new VideoGate({ videos: playable, logins, policy, links: openToLink(new LinkStore(database), options.clock), clock: options.clock });
  const renditions = new VideoMedia({ ...options, videos: playable });
  const captions = new CaptionMedia({ videos: playable, captions: new CaptionStore({ database, clock: options.clock }), clock: options.clock });
  const edits = new Edits({ ...options, videos: playable });
  const media = new MediaDelivery({ ...options, renditions, captions, edits, posters: videos, signer: tokens, gate });
  const downloads = new DownloadDelivery({ ...options, renditions, videos: playable, signer: tokens, gate });
  const serve: MediaService['serve'] = (request) => (request.path.startsWith('download/') ? downloads.serve(request) : media.serve(request));
  return { media: { serve }, close: await forgetRevoked({ bus, logins, media }) };
}
