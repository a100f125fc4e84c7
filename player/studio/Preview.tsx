import { Video } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import { Badge, EmptyState } from '../design/index.ts';
import { useVideoIn } from '../live/useTrackIn.ts';
import { text } from '../text/index.ts';
import type { StudioSession } from './StudioSession.ts';

interface PreviewProps {
  session: StudioSession;
  isOnAir: boolean;
  emptyText: string;
  /** In a corner of what is on the air. */
  isSmall?: boolean;
}

/** The own sources, as students see them on the air: the screen large and the camera small. */
export function Preview({ session, isOnAir, emptyText, isSmall }: PreviewProps) {
  const { camera, screen } = session.sources;
  const screenTrack = trackOf(screen.state.value);
  const cameraTrack = trackOf(camera.state.value);
  const main = screenTrack ?? cameraTrack;
  const inset = screenTrack ? cameraTrack : undefined;
  return (
    <div class={`stage studio__preview ${isSmall ? 'studio__preview--small' : ''}`} role="img" aria-label={text.studio.preview}>
      {main ? (
        <PreviewVideo key={main.id} track={main} class="stage__video studio__picture" />
      ) : (
        <EmptyState isCentred icon={<Video aria-hidden="true" />} title={text.studio.preview}>
          {emptyText}
        </EmptyState>
      )}
      {main ? (
        <div class="stage__badges">
          <Badge tone={isOnAir ? 'live' : 'stage'} hasDot={isOnAir}>
            {isOnAir ? text.studio.previewOnAir : text.studio.previewOffAir}
          </Badge>
        </div>
      ) : null}
      {inset ? (
        <div class="stage__inset">
          <PreviewVideo key={inset.id} track={inset} />
        </div>
      ) : null}
    </div>
  );
}

function PreviewVideo({ track, class: more }: { track: MediaStreamTrack; class?: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  useVideoIn({ video, still }, track);
  return <video ref={video} class={more} autoplay muted playsInline />;
}

function trackOf(state: StudioSession['sources']['camera']['state']['value']): MediaStreamTrack | undefined {
  return state.status === 'on' ? state.track : undefined;
}
