import * as z from 'zod';
import { removalsChanged, rightsChanged } from '#engine';
import type { OpenLogins } from '#engine';
import { VideoId } from '#engine/contract';
import { topic } from '#engine/kernel';
import type { Bus, Unsubscribe } from '#engine/kernel';
import type { MediaDelivery } from './MediaDelivery.ts';

/** Who may watch a video has changed: its visibility, its deletion, or one of its sharing links (`linkId`). */
export const videoAccessChanged = topic('video.accessChanged', z.object({ videoId: VideoId, linkId: z.string().nullable() }));

export interface ForgetRevokedOptions {
  bus: Bus;
  logins: OpenLogins;
  media: Pick<MediaDelivery, 'forgetAll' | 'forgetLink' | 'forgetLogin' | 'forgetUser' | 'forgetVideo'>;
}

/** Drops cached permissions to watch when the right to them ends, whichever process it ended in. */
export async function forgetRevoked({ bus, logins, media }: ForgetRevokedOptions): Promise<Unsubscribe> {
  const forgetAll = () => media.forgetAll();
  const forgetUser = ({ userId }: { userId: string }) => media.forgetUser(userId);
  const forgetVideo = ({ videoId, linkId }: z.infer<typeof videoAccessChanged.schema>) => (linkId === null ? media.forgetVideo(videoId) : media.forgetLink(linkId));
  const stops = [
    await bus.subscribe(rightsChanged, { onMessage: forgetUser, onMissed: forgetAll }),
    await bus.subscribe(removalsChanged, { onMessage: forgetUser, onMissed: forgetAll }),
    await bus.subscribe(videoAccessChanged, { onMessage: forgetVideo, onMissed: forgetAll }),
    logins.onEnded(({ loginId }) => media.forgetLogin(loginId)),
    logins.onMissed(forgetAll),
  ];
  return () => stops.forEach((stop) => stop());
}
