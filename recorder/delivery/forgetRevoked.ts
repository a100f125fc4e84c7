import { removalsChanged, rightsChanged } from '#engine';
import type { OpenLogins } from '#engine';
import type { Bus, Unsubscribe } from '#engine/kernel';
import type { MediaDelivery } from './MediaDelivery.ts';

export interface ForgetRevokedOptions {
  bus: Bus;
  logins: OpenLogins;
  media: Pick<MediaDelivery, 'forget' | 'forgetAll' | 'forgetLogin' | 'forgetUser'>;
}

/** Drops cached permissions to watch when the right to them ends, whichever process it ended in. */
export async function forgetRevoked({ bus, logins, media }: ForgetRevokedOptions): Promise<Unsubscribe> {
  const forgetAll = () => media.forgetAll();
  const stops = [
    await bus.subscribe(rightsChanged, { onMessage: ({ userId }) => media.forgetUser(userId), onMissed: forgetAll }),
    await bus.subscribe(removalsChanged, { onMessage: ({ userId, lectureId }) => media.forget(userId, lectureId), onMissed: forgetAll }),
    logins.onEnded(({ loginId }) => media.forgetLogin(loginId)),
    logins.onMissed(forgetAll),
  ];
  return () => stops.forEach((stop) => stop());
}
