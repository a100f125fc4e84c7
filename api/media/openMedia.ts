import { AccessPolicy } from '#engine';
import type { CourseRoles, LectureFacts } from '#engine';
import type { Bus, Clock, Logger, TokenSigner } from '#engine/kernel';
import { forgetRevoked, MediaDelivery, VideoMedia } from '#recorder';
import type { MediaDeliveryOptions, VideoStore } from '#recorder';
import type { LoginStore } from '../accounts/LoginStore.ts';
import { VideoGate } from '../content/VideoGate.ts';

export interface OpenMediaOptions extends Pick<MediaDeliveryOptions, 'library' | 'store' | 'isRedirecting'> {
  videos: VideoStore;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  tokens: TokenSigner;
  logins: LoginStore;
  courseRoles: CourseRoles;
  lectures: LectureFacts;
}

/** Serves playlists and segments to those who may watch. `close` ends that it follows what is revoked. */
export async function openMedia({ bus, videos, tokens, logins, courseRoles, lectures, ...options }: OpenMediaOptions): Promise<{ media: MediaDelivery; close: () => void }> {
  const policy = new AccessPolicy({ courseRoles, lectures });
  const gate = new VideoGate({ videos, logins, policy, clock: options.clock });
  const renditions = new VideoMedia({ ...options, videos });
  const media = new MediaDelivery({ ...options, renditions, posters: videos, signer: tokens, gate });
  return { media, close: await forgetRevoked({ bus, logins, media }) };
}
