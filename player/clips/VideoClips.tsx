import { Link2, Scissors } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { VideoView } from '#api/contract';
import { background } from '../app/background.ts';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import { ClipDialog } from './ClipDialog.tsx';
import { copyMoment } from './copyMoment.ts';
import './clips.css';

/** Below the replay: a link to the moment, making a clip, and the clips that there are. */
export function VideoClips({ video, player }: { video: VideoView; player: ReplayPlayer | undefined }) {
  const { data, reload } = useLoaded((signal) => api.listClips({ params: { videoId: video.id } }, { signal }), [video.id]);
  const [made, setMade] = useState<{ atSeconds: number; durationSeconds: number }>();
  const others = (data?.clips ?? []).filter(({ id }) => id !== video.id);
  function open() {
    if (!player) return;
    player.pause();
    setMade({ atSeconds: player.positionSeconds.value, durationSeconds: player.durationSeconds.value });
  }
  return (
    <>
      <div class="clip-actions">
        <Button variant="quiet" disabled={!player} onClick={() => background(copyMoment(video.id, player?.positionSeconds.value ?? 0))}>
          <Link2 aria-hidden="true" size={20} />
          {text.clips.copyMoment}
        </Button>
        {data?.mayCreate ? (
          <Button variant="quiet" disabled={!player} onClick={open}>
            <Scissors aria-hidden="true" size={20} />
            {text.clips.make}
          </Button>
        ) : null}
      </div>
      {video.clipOf ? (
        <p class="small">
          {text.clips.partOf} <a href={paths.watch(video.clipOf.videoId)}>{text.clips.toOriginal}</a>
        </p>
      ) : null}
      {others.length === 0 ? null : (
        <details class="clip-list">
          <summary>{text.clips.list}</summary>
          <ul>
            {others.map((clip) => (
              <li key={clip.id}>
                <a href={paths.watch(clip.id)}>
                  <span dir="auto">{clip.title}</span>
                  <span class="small quiet tabular">{formatClock(clip.durationSeconds * 1000)}</span>
                </a>
              </li>
            ))}
          </ul>
        </details>
      )}
      {made ? <ClipDialog video={video} {...made} onMade={reload} onClose={() => setMade(undefined)} /> : null}
    </>
  );
}
