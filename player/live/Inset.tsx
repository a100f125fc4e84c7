import { useLayoutEffect, useRef } from 'preact/hooks';
import { text } from '../text/index.ts';
import type { Box, Size } from './layoutStage.ts';
import type { ReceivedTrack } from './TrackReceiver.ts';
import { useVideoIn } from './useTrackIn.ts';
import { useVideoShape } from './useSize.ts';

interface InsetProps {
  received: Pick<ReceivedTrack, 'track'>;
  /** Where it is on the stage; undefined before the stage is measured. */
  box: Box | undefined;
  onShape: (shape: Size) => void;
  onSwap: () => void;
}

/** The second video. A click swaps it with the large one. */
export function Inset({ received, box, onShape, onSwap }: InsetProps) {
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const shown = useVideoIn({ video, still }, received.track);
  const shape = useVideoShape(video);
  useLayoutEffect(() => onShape(shape), [shape]);
  return (
    <button type="button" class="stage__inset" style={styleOf(box)} aria-label={text.room.swap} title={text.room.swap} onClick={onSwap}>
      <video ref={video} autoplay muted playsInline />
      <canvas ref={still} class={`stage__still ${shown === 'frames' ? 'stage__still--gone' : ''}`} aria-hidden="true" />
    </button>
  );
}

/** The style of an element at a place of the stage. */
export function styleOf(box: Box | undefined): Record<string, string> | undefined {
  if (!box) return undefined;
  return { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` };
}
