import { History } from 'lucide-preact';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { ButtonLink } from '../design/index.ts';
import { text } from '../text/index.ts';
import { isRecordingMedia } from './onAir.ts';
import type { RoomState } from './roomState.ts';

const retryMs = 5000;

/** A link to the recording so far, for viewers who joined late or whose browser gets no live video. */
export function FromBeginning({ room, class: more }: { room: RoomState; class?: string }) {
  const lectureId = room.lecture.id;
  const { data, reload } = useLoaded((signal) => api.getLecture({ params: { lectureId } }, { signal }), [lectureId, room.recording]);
  if (!data?.videoId) return isRecordingMedia(room) ? <Awaited onRetry={reload} /> : null;
  return (
    <ButtonLink variant="quiet" href={paths.watch(data.videoId)} class={more}>
      <History aria-hidden="true" size={20} />
      {text.room.fromBeginning}
    </ButtonLink>
  );
}

/** The first segment of the recording is written a few seconds after the first video or audio. */
function Awaited({ onRetry }: { onRetry: () => void }) {
  usePolling(onRetry, retryMs);
  return null;
}
