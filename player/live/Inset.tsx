import { useRef } from 'preact/hooks';
import { text } from '../text/index.ts';
import type { ReceivedTrack } from './TrackReceiver.ts';
import { useVideoIn } from './useTrackIn.ts';

/** The small video. A click swaps it with the large one. */
export function Inset({ received, onSwap }: { received: Pick<ReceivedTrack, 'track'>; onSwap: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const hasFrames = useVideoIn({ video, still }, received.track);
  return (
    <button type="button" class="stage__inset" aria-label={text.room.swap} title={text.room.swap} onClick={onSwap}>
      <video ref={video} autoplay muted playsInline />
      <canvas ref={still} class={`stage__still ${hasFrames ? 'stage__still--gone' : ''}`} aria-hidden="true" />
    </button>
  );
}
