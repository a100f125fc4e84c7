import { Badge } from '../design/index.ts';
import { isEncoderOnStandby } from '../live/onAir.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { Stage } from '../live/Stage.tsx';
import { text } from '../text/index.ts';
import { Preview } from './Preview.tsx';
import { rivalIn } from './studioAir.ts';
import type { StudioSession } from './StudioSession.ts';
import type { StudioMode } from './studioMode.ts';

interface StudioMainProps {
  mode: StudioMode;
  connection: RoomConnection;
  room: RoomState | undefined;
  session: StudioSession;
}

/** What students see: OBS or another presenter, while they are on the air; else the own sources. */
export function StudioMain({ mode, connection, room, session }: StudioMainProps) {
  const rival = rivalIn(room);
  const isOnAir = session.isOnAir.value;
  if (room && (mode === 'obs' || (rival && (!isOnAir || session.isStandingBy.value)))) {
    const hasOwn = mode === 'browser' && session.hasVideo;
    return (
      <div class="studio__program">
        <Stage
          connection={connection}
          room={room}
          isMutedAtFirst
          badges={rival && mode === 'browser' ? <Badge tone="stage">{text.studio.onAirNow(rival.name)}</Badge> : null}
          presenterTexts={{ empty: isEncoderOnStandby(room) ? text.studio.encoderStandby : text.studio.obs.waiting, interrupted: text.studio.obs.dropped }}
        />
        {hasOwn ? <Preview session={session} isOnAir={false} isSmall emptyText="" /> : null}
      </div>
    );
  }
  return (
    <div class="studio__program">
      <Preview session={session} isOnAir={isOnAir} emptyText={mode === 'obs' ? text.studio.obs.startFirst : text.studio.previewNothing} />
    </div>
  );
}
