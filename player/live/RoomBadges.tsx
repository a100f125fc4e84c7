import { CircleDot, Users } from 'lucide-preact';
import { Badge } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { isRecordingMedia } from './onAir.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';
import { useSecondTick } from './useSecondTick.ts';

/** The time since the start, the number of people, and whether video or audio is being recorded. */
export function RoomBadges({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  useSecondTick();
  return (
    <>
      {room.lecture.state === 'interrupted' ? (
        <Badge tone="warning">{text.home.interrupted}</Badge>
      ) : (
        <Badge tone="live" hasDot>
          <span>{text.room.live}</span>
          <span class="tabular">{formatClock(connection.clockMs() ?? 0)}</span>
        </Badge>
      )}
      <span class="badge badge--stage tabular" title={text.room.people(room.participantCount)}>
        <Users aria-hidden="true" />
        <span aria-hidden="true">{room.participantCount}</span>
        <span class="unseen">{text.room.people(room.participantCount)}</span>
      </span>
      {isRecordingMedia(room) ? (
        <span class="badge badge--stage" title={text.room.recordedLong}>
          <CircleDot aria-hidden="true" />
          <span aria-hidden="true">{text.room.recorded}</span>
          <span class="unseen">{text.room.recordedLong}</span>
        </span>
      ) : null}
    </>
  );
}
