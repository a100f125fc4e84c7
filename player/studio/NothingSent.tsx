import { TriangleAlert } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { useSecondTick } from '../live/useSecondTick.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';

/** A live lecture in which nothing is sent: what students see, when it ends, and the button that changes it. */
export function NothingSent({ connection, room, children }: { connection: RoomConnection; room: RoomState; children: ComponentChildren }) {
  useSecondTick();
  const leftMs = room.gap && room.gap.endsAtMs - (connection.clockMs() ?? 0);
  return (
    <section class="nothing-sent" aria-label={text.studio.nothingOnAir}>
      <TriangleAlert aria-hidden="true" />
      <p class="nothing-sent__words">
        <strong>{room.hasBroadcast ? text.studio.studentsSeeStill : text.studio.studentsSeeNothing}</strong>{' '}
        {leftMs === null ? null : <span class="tabular">{text.studio.lectureEndsIn(formatClock(leftMs))}</span>}
      </p>
      {children}
    </section>
  );
}
