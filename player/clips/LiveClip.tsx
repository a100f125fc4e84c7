import { Scissors } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LectureId } from '#engine/contract';
import type { VideoView } from '#api/contract';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { ClipDialog } from './ClipDialog.tsx';

const retryMs = 5000;

/** Makes a clip of what was recorded of a live lecture until now. Shown once there is a recording, to those who may. */
export function LiveClip({ lectureId, isRecording }: { lectureId: LectureId; isRecording: boolean }) {
  const [video, setVideo] = useState<VideoView>();
  const { data: mayClip, reload } = useLoaded((signal) => mayClipIn(lectureId, signal), [lectureId, isRecording]);
  const open = useToastedAction(async () => {
    const { videoId } = await api.getLecture({ params: { lectureId } });
    const playback = videoId === null ? undefined : await api.getPlayback({ params: { videoId } });
    // What can be played: the segment in progress is not among it.
    const durationSeconds = Math.max(0, ...(playback?.tracks ?? []).map((track) => track.durationSeconds));
    if (playback && durationSeconds > 0) setVideo({ ...playback.video, durationSeconds });
    else showToast({ text: text.clips.nothingYet });
  });
  if (mayClip === 'later') return isRecording ? <Awaited onRetry={reload} /> : null;
  if (mayClip !== 'yes') return null;
  return (
    <>
      <Button variant="quiet" isBusy={open.isBusy} onClick={() => open.run()}>
        <Scissors aria-hidden="true" size={20} />
        {text.clips.make}
      </Button>
      {video ? <ClipDialog video={video} atSeconds={video.durationSeconds} durationSeconds={video.durationSeconds} onClose={() => setVideo(undefined)} /> : null}
    </>
  );
}

/** The first segment of the recording is written a few seconds after the first video or audio. */
function Awaited({ onRetry }: { onRetry: () => void }) {
  usePolling(onRetry, retryMs);
  return null;
}

async function mayClipIn(lectureId: LectureId, signal: AbortSignal): Promise<'yes' | 'no' | 'later'> {
  const { videoId } = await api.getLecture({ params: { lectureId } }, { signal });
  if (videoId === null) return 'later';
  return (await api.listClips({ params: { videoId } }, { signal })).mayCreate ? 'yes' : 'no';
}
