import { Play } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type { PlaybackView, VideoView } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button } from '../design/index.ts';
import { VideoPoster } from '../library/VideoPoster.tsx';
import { text } from '../text/index.ts';
import { chooseTracks } from '../vod/playback/chooseTracks.ts';
import type { ChosenTracks } from '../vod/playback/chooseTracks.ts';
import { Stage } from '../vod/stage/Stage.tsx';
import { useReplay } from '../vod/useReplay.ts';

/** The video, small. The player is loaded when somebody plays it. */
export function PreviewPlayer({ video, canWatch }: { video: VideoView; canWatch: boolean }) {
  const [playback, setPlayback] = useState<PlaybackView>();
  const open = useToastedAction(async () => setPlayback(await api.getPlayback({ params: { videoId: video.id } })));
  const tracks = playback && chooseTracks(playback.tracks);
  const isReady = (video.state === 'ready' || video.state === 'live') && video.deletedAt === null;
  return (
    <section class="preview" aria-label={text.videoPage.preview}>
      {playback && tracks ? (
        <Player playback={playback} tracks={tracks} />
      ) : (
        <>
          <VideoPoster video={video} />
          {isReady && canWatch ? (
            <Button variant="primary" size="large" class="preview__play" aria-label={text.videoPage.play} isBusy={open.isBusy} onClick={() => open.run()}>
              <Play aria-hidden="true" />
            </Button>
          ) : null}
        </>
      )}
      {isReady || video.deletedAt !== null ? null : <p class="small quiet">{text.videoPage.notPlayable}</p>}
    </section>
  );
}

function Player({ playback, tracks }: { playback: PlaybackView; tracks: ChosenTracks }) {
  const main = useRef<HTMLVideoElement>(null);
  const second = useRef<HTMLVideoElement>(null);
  const controller = useRef<HTMLElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { player, failure } = useReplay({ playback, tracks, startSeconds: 0, main, second });
  if (failure) return <LoadFailure error={failure} onRetry={() => location.reload()} />;
  return (
    <Stage
      tracks={tracks}
      posterUrl={playback.video.posterUrl}
      chapters={playback.video.chapters}
      player={player}
      main={main}
      second={second}
      controller={controller}
      isHelpOpen={isHelpOpen}
      onHelp={setHelpOpen}
      top={null}
    />
  );
}
