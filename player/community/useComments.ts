import { useState } from 'preact/hooks';
import type { Comment, CommentOrder, VideoView } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';

/** The threads of a video in pages, in the chosen order. */
export function useComments({ id: videoId }: VideoView) {
  const params = { videoId };
  const [order, setOrder] = useState<CommentOrder>('newest');
  const [later, setLater] = useState<{ rows: readonly Comment[]; nextCursor: string | null }>();
  const { data, error, reload } = useLoaded((signal) => api.listVideoComments({ params, query: { order } }, { signal }), [videoId, order]);
  const cursor = later ? later.nextCursor : data?.nextCursor;
  const showMore = useToastedAction(async () => {
    if (!cursor) return;
    const page = await api.listVideoComments({ params, query: { order, cursor } });
    setLater({ rows: [...(later?.rows ?? []), ...page.comments], nextCursor: page.nextCursor });
  });
  const fromStart = () => {
    setLater(undefined);
    reload();
  };
  return {
    first: data,
    /** Undefined until they are loaded. */
    all: data && [...data.pinned, ...data.comments, ...(later?.rows ?? [])],
    error,
    order,
    chooseOrder: (chosen: CommentOrder) => {
      setLater(undefined);
      setOrder(chosen);
    },
    hasMore: Boolean(cursor),
    showMore,
    reload: fromStart,
  };
}
