import { ArrowLeft } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlaybackView } from '#api/contract';
import { Transcript } from '../captions/Transcript.tsx';
import { useCaptions } from '../captions/useCaptions.ts';
import { Discussion } from '../community/Discussion.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { background } from '../app/background.ts';
import { paths } from '../app/paths.ts';
import { copyMoment } from '../clips/copyMoment.ts';
import { VideoClips } from '../clips/VideoClips.tsx';
import { VideoMaterials } from '../materials/VideoMaterials.tsx';
import { Related } from '../recommendations/Related.tsx';
import { VideoQuestions } from '../quizzes/VideoQuestions.tsx';
import { Badge, Button } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { About, LiveNotice } from './About.tsx';
import { ReplaySide } from './ReplaySide.tsx';
import { ChapterList } from './chapters/ChapterList.tsx';
import { AboutVideo } from './course/AboutVideo.tsx';
import { MoreInCourse } from './course/MoreInCourse.tsx';
import { useCourseVideos } from './course/useCourseVideos.ts';
import type { ChosenTracks } from './playback/chooseTracks.ts';
import { isAtLiveEdge } from './liveEdge.ts';
import type { ReplayPlayer } from './playback/ReplayPlayer.ts';
import { Stage } from './stage/Stage.tsx';
import { useNarrow } from './useNarrow.ts';
import { useChatLog, useReplay } from './useReplay.ts';

interface ReplayProps {
  playback: PlaybackView;
  tracks: ChosenTracks;
  start: { seconds: number; isResumed: boolean };
  onPosition: (seconds: number) => void;
  onEdited: (next: PlaybackView) => void;
}

/** The replay page once the tracks are known: player, chat and details. */
export function Replay({ playback, tracks, start, onPosition, onEdited }: ReplayProps) {
  const main = useRef<HTMLVideoElement>(null);
  const second = useRef<HTMLVideoElement>(null);
  const controller = useRef<HTMLElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { lectureId } = playback.video;
  const isNarrow = useNarrow();
  const { player, failure } = useReplay({ playback, tracks, startSeconds: start.seconds, main, second, onEdited });
  const captions = useCaptions(playback.video.id, JSON.stringify(playback.kept));
  const isLive = player?.isGrowing.value ?? playback.isLive;
  const log = useChatLog(playback, isLive);
  useEffect(() => player?.positionSeconds.subscribe(onPosition), [player]);

  const videos = useCourseVideos(playback.video.courseId);
  const about = (
    <>
      <About playback={playback} player={player} isLive={isLive} onHelp={() => setHelpOpen(true)} />
      <ChapterList chapters={playback.video.chapters} player={player} />
      <AboutVideo video={playback.video} videos={videos} />
      <Related video={playback.video} />
    </>
  );
  const live = <LiveNotice playback={playback} player={player} isLive={isLive} />;

  return (
    <main class={lectureId === null ? 'watch watch--upload' : 'watch'}>
      <BackToCourse playback={playback} />
      <div class="watch__stage">
        {failure ? (
          <LoadFailure error={failure} onRetry={() => location.reload()} />
        ) : (
          <Stage
            tracks={tracks}
            posterUrl={playback.video.posterUrl}
            storyboardUrl={playback.video.storyboardUrl}
            onCopyLink={() => background(copyMoment(playback.video.id, player?.positionSeconds.value ?? 0))}
            chapters={playback.video.chapters}
            player={player}
            main={main}
            second={second}
            controller={controller}
            captions={captions}
            isHelpOpen={isHelpOpen}
            onHelp={setHelpOpen}
            top={<StageTop isLive={isLive} start={start} player={player} />}
          />
        )}
      </div>
      <div class="watch__head">
        <h1 dir="auto">{playback.video.title}</h1>
        {live}
        <VideoClips video={playback.video} player={player} />
        <VideoQuestions playback={playback} player={player} />
        {captions ? <Transcript captions={captions} player={player} /> : null}
        <VideoMaterials video={playback.video} player={player} />
        {isNarrow && lectureId !== null ? null : about}
        <Discussion video={playback.video} player={player} />
      </div>
      {lectureId === null ? (
        <MoreInCourse videos={videos} videoId={playback.video.id} />
      ) : (
        <ReplaySide playback={playback} lectureId={lectureId} log={log} player={player} about={isNarrow ? about : undefined} />
      )}
    </main>
  );
}

export function BackToCourse({ playback }: { playback: PlaybackView | undefined }) {
  return (
    <header class="watch__back">
      <a href={playback ? paths.course(playback.video.courseId) : paths.home}>
        <ArrowLeft aria-hidden="true" size={20} />
        <span dir="auto">{playback?.video.courseTitle ?? text.shell.home}</span>
      </a>
    </header>
  );
}

const chipMs = 12_000;

function StageTop({ isLive, start, player }: { isLive: boolean; start: ReplayProps['start']; player: ReplayPlayer | undefined }) {
  const [isChipShown, setChipShown] = useState(start.isResumed);
  const hasStarted = player?.hasStarted.value ?? false;
  const isAtEdge = player !== undefined && isAtLiveEdge(player);
  useEffect(() => {
    if (!hasStarted) return;
    const timer = setTimeout(() => setChipShown(false), chipMs);
    return () => clearTimeout(timer);
  }, [hasStarted]);

  function startOver() {
    setChipShown(false);
    player?.seekTo(0);
  }

  return (
    <>
      {isLive ? (
        <Badge tone={isAtEdge ? 'live' : 'stage'} hasDot={isAtEdge}>
          {isAtEdge ? text.watch.live : text.watch.behindLive}
        </Badge>
      ) : null}
      {isChipShown ? (
        <div class="replay-stage__chip" role="status">
          <span class="tabular">{text.watch.resumedAt(formatClock(start.seconds * 1000))}</span>
          <Button variant="quiet" onClick={startOver}>
            {text.watch.startOver}
          </Button>
        </div>
      ) : null}
    </>
  );
}
