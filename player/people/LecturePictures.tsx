import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useContext, useEffect, useMemo } from 'preact/hooks';
import type { ImageId, LectureId, UserId } from '#engine/contract';
import { account, api } from '../app/services.ts';
import { Avatar } from '../design/index.ts';
import { PictureLoader } from './PictureLoader.ts';

const Pictures = createContext<PictureLoader | undefined>(undefined);

/** Gives the pages of a lecture the pictures of its people. */
export function LecturePictures({ lectureId, children }: { lectureId: LectureId | string | undefined; children: ComponentChildren }) {
  const loader = useMemo(() => (lectureId === undefined ? undefined : openLoader(lectureId)), [lectureId]);
  useEffect(() => () => loader?.close(), [loader]);
  return <Pictures.Provider value={loader}>{children}</Pictures.Provider>;
}

function openLoader(lectureId: string): PictureLoader {
  return new PictureLoader({
    load: async (userIds, signal) => (await api.listLecturePeople({ params: { lectureId }, query: { userIds: userIds.join(',') } }, { signal })).people,
  });
}

/** The picture or the initials of a person in a lecture. */
export function PersonAvatar({ userId, name, isLarge }: { userId: UserId; name: string; isLarge?: boolean }) {
  return <Avatar name={name} imageId={usePicture(userId)} isLarge={isLarge} />;
}

function usePicture(userId: UserId): ImageId | null {
  const loader = useContext(Pictures);
  const own = account.value;
  // Of the user itself it is known, and changes at once.
  if (own?.id === userId) return own.avatarId;
  return loader?.of(userId).value ?? null;
}
