import { useCallback, useState } from 'preact/hooks';
import { background } from '../app/background.ts';
import { api } from '../app/services.ts';
import { usePolling } from '../app/useLoaded.ts';
import type { LibraryVideo } from './libraryApi.ts';

const everyMs = 5000;
/** Videos that are looked at again at once. */
const maxFollowed = 12;

/** The videos with what the server says about those that it works on. The others stay as they were loaded. */
export function useFreshVideos(rows: readonly LibraryVideo[]): readonly LibraryVideo[] {
  const [fresh, setFresh] = useState<ReadonlyMap<string, LibraryVideo>>(new Map());
  const videos = rows.map((row) => newer(row, fresh.get(row.id)));
  const working = videos.filter(({ work, state }) => work !== null || state === 'processing').slice(0, maxFollowed);
  const key = working.map(({ id }) => id).join(' ');
  const look = useCallback(() => {
    const looks = key.split(' ').filter((id) => id !== '').map((videoId) => api.getVideo({ params: { videoId } }));
    const looked = Promise.allSettled(looks).then((results) => {
      const found = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      if (found.length > 0) setFresh((now) => new Map([...now, ...found.map((video) => [video.id, video] as const)]));
    });
    background(looked);
  }, [key]);
  usePolling(look, everyMs);
  return videos;
}

function newer(row: LibraryVideo, fresh: LibraryVideo | undefined): LibraryVideo {
  return fresh && fresh.updatedAt >= row.updatedAt && fresh.revision >= row.revision ? { ...fresh, progress: row.progress ?? null } : row;
}
