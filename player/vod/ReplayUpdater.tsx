import { useCallback, useRef, useState } from 'preact/hooks';
import type { PlaybackView } from '#api/contract';
import { background } from '../app/background.ts';
import { api } from '../app/services.ts';
import { usePolling } from '../app/useLoaded.ts';
import { chooseTracks } from './playback/chooseTracks.ts';
import type { ChosenTracks } from './playback/chooseTracks.ts';
import { movedPosition } from './playback/keptSpans.ts';
import { trackSetKey } from './playback/videoSpans.ts';
import { Replay } from './Replay.tsx';

interface ReplayUpdaterProps {
  playback: PlaybackView;
  tracks: ChosenTracks;
  start: { seconds: number; isResumed: boolean };
}

const pollIntervalMs = 15_000;

/** A replay whose lecture may still be live. When a screen or a microphone is added, the replay is opened again at the same position. */
export function ReplayUpdater(given: ReplayUpdaterProps) {
  const [shown, setShown] = useState({ ...given, opening: 0 });
  const position = useRef(given.start.seconds);
  const { playback } = shown;

  const check = useCallback(() => {
    if (!playback.isLive) return;
    const checked = api.getPlayback({ params: { videoId: playback.video.id } }).then((next) => {
      const tracks = chooseTracks(next.tracks);
      if (!tracks || trackSetKey(next.tracks) === trackSetKey(playback.tracks)) return;
      const start = { seconds: position.current, isResumed: false };
      setShown(({ opening }) => ({ playback: next, tracks, start, opening: opening + 1 }));
    });
    background(checked);
  }, [playback]);
  usePolling(check, pollIntervalMs);

  const onEdited = (next: PlaybackView) => {
    const tracks = chooseTracks(next.tracks);
    if (!tracks) return;
    const seconds = movedPosition(position.current, { from: playback.kept, to: next.kept });
    setShown(({ opening }) => ({ playback: next, tracks, start: { seconds, isResumed: false }, opening: opening + 1 }));
  };

  const { opening, tracks, start } = shown;
  return <Replay key={opening} playback={playback} tracks={tracks} start={start} onPosition={(seconds) => (position.current = seconds)} onEdited={onEdited} />;
}
