import { Keyboard, Radio } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { PlaybackView } from '#api/contract';
import { paths } from '../app/paths.ts';
import { Button, ButtonLink } from '../design/index.ts';
import { formatClock, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { behindLiveSeconds, caughtUpSeconds } from './liveEdge.ts';
import type { ReplayPlayer } from './playback/ReplayPlayer.ts';

interface AboutProps {
  playback: PlaybackView;
  player: ReplayPlayer | undefined;
  isLive: boolean;
}

/** While the lecture is live: the distance to live, and a link to the live room. */
export function LiveNotice({ playback, player, isLive }: AboutProps) {
  if (!isLive) return playback.isLive ? <p class="watch__live small quiet">{text.watch.ended}</p> : null;
  const behindSeconds = player && behindLiveSeconds(player);
  return (
    <div class="watch__live">
      {behindSeconds === undefined ? null : (
        <span class="tabular">
          {behindSeconds > caughtUpSeconds ? text.watch.behind(formatClock(behindSeconds * 1000)) : text.watch.atLiveEdge}
        </span>
      )}
      {playback.video.lectureId === null ? null : (
        <ButtonLink href={paths.live(playback.video.lectureId)}>
          <Radio aria-hidden="true" size={18} />
          {text.watch.goToLive}
        </ButtonLink>
      )}
    </div>
  );
}

/** Course, date and duration of the recording, and the keyboard shortcuts. */
export function About({ playback, player, isLive, onHelp }: AboutProps & { onHelp: () => void }) {
  const { video } = playback;
  const durationSeconds = player?.durationSeconds.value || video.durationSeconds;
  const when = formatDateTime(video.recordedAt);
  return (
    <div class="watch__about">
      <p class="watch__facts quiet">
        <a dir="auto" href={paths.course(video.courseId)}>{video.courseTitle}</a>
        <span>{isLive ? text.watch.liveSince(when) : video.source === 'upload' ? text.videoPage.uploadedOn(when) : text.watch.recordedOn(when)}</span>
        <span class="tabular">{text.watch.length(formatClock(durationSeconds * 1000))}</span>
      </p>
      {useFinePointer() ? (
        <Button variant="quiet" class="watch__keys" onClick={onHelp}>
          <Keyboard aria-hidden="true" size={20} />
          {text.watch.keyboardHint}
        </Button>
      ) : null}
    </div>
  );
}

/** A device with a mouse usually has a keyboard. */
function useFinePointer(): boolean {
  const [isFine, setFine] = useState(false);
  useEffect(() => setFine(matchMedia('(pointer: fine)').matches), []);
  return isFine;
}
