import { AccessPolicy } from '#engine';
import type { CourseRoles, LectureFacts } from '#engine';
import type { Bus, Clock, Logger, TokenSigner } from '#engine/kernel';
import { forgetRevoked, MediaDelivery } from '#recorder';
import type { MediaDeliveryOptions, MediaGate } from '#recorder';
import type { LoginStore } from '../accounts/LoginStore.ts';

export interface OpenMediaOptions extends Pick<MediaDeliveryOptions, 'library' | 'posters' | 'store' | 'isRedirecting'> {
  bus: Bus;
  clock: Clock;
  logger: Logger;
  tokens: TokenSigner;
  logins: LoginStore;
  courseRoles: CourseRoles;
  lectures: LectureFacts;
}

/** Serves playlists and segments to those who may watch. `close` ends that it follows what is revoked. */
export async function openMedia({ bus, tokens, logins, courseRoles, lectures, ...options }: OpenMediaOptions): Promise<{ media: MediaDelivery; close: () => void }> {
  const policy = new AccessPolicy({ courseRoles, lectures });
  const gate: MediaGate = { mayWatch: async ({ userId, loginId, lectureId }) => (await logins.isOpen({ userId, loginId })) && policy.mayWatch(userId, lectureId) };
  const media = new MediaDelivery({ ...options, signer: tokens, gate });
  return { media, close: await forgetRevoked({ bus, logins, media }) };
}
