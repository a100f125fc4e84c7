import { fromInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { SharingLinkGate } from '../content/VideoGate.ts';
import type { LinkStore, SharingLinkRow } from './LinkStore.ts';

/** Stands for everybody in the claims of the media of a public video. */
export const publicLinkId = 'public';

export function isExpired({ expiresAt }: Pick<SharingLinkRow, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== null && fromInstant(expiresAt) <= nowMs;
}

/** Who has a link may watch its video while the link exists, has not expired, and the video is for more than its course. */
export function openToLink(links: Pick<LinkStore, 'find'>, clock: Clock): SharingLinkGate {
  return {
    async mayWatchByLink(linkId, { _id, visibility }) {
      if (linkId === publicLinkId) return visibility === 'public';
      if (visibility === 'course') return false;
      const link = await links.find(linkId);
      return link?.videoId === _id && !isExpired(link, clock.nowMs());
    },
  };
}
