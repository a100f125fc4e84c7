import { Hand, Volume2, VolumeX } from 'lucide-preact';
import { may } from '#engine/contract';
import { Button, IconButton } from '../design/index.ts';
import { PersonAvatar } from '../people/LecturePictures.tsx';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { handSound } from './handSound.ts';
import { raisedHands } from './raisedHands.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';
import { useSecondTick } from './useSecondTick.ts';

interface HandQueueProps {
  connection: RoomConnection;
  room: RoomState;
  onAttempt: (work: Promise<unknown>) => void;
}

/** For moderators: the raised hands in the order in which they went up, with how long they wait. */
export function HandQueue({ connection, room, onAttempt }: HandQueueProps) {
  const hands = raisedHands(room.participants);
  if (!may(room.self.role, 'hand.lowerOthers')) return null;
  const isLoud = handSound.isOn.value;
  return (
    <section class="hands" aria-label={text.room.hands}>
      <div class="hands__head">
        <h3 class="hands__title">
          <Hand aria-hidden="true" size={18} />
          {hands.length === 0 ? text.room.noHands : text.room.handsUp(hands.length)}
        </h3>
        <IconButton label={text.room.handSound} isPressed={isLoud} onClick={() => handSound.set(!isLoud)}>
          {isLoud ? <Volume2 aria-hidden="true" size={20} /> : <VolumeX aria-hidden="true" size={20} />}
        </IconButton>
        {hands.length > 1 ? <Button variant="quiet" onClick={() => onAttempt(connection.request('hand.lowerAll', {}))}>{text.room.lowerAll}</Button> : null}
      </div>
      {hands.length > 0 ? (
        <ol class="hands__list">
          {hands.map(({ id, userId, displayName, handRaisedAtMs }) => (
            <li key={id} class="people__row">
              <PersonAvatar userId={userId} name={displayName} />
              <bdi class="grow">{displayName}</bdi>
              <Waiting connection={connection} sinceMs={handRaisedAtMs ?? 0} />
              <IconButton class="people__hand" label={text.room.lowerHandOf(displayName)} onClick={() => onAttempt(connection.request('hand.lower', { participantId: id }))}>
                <Hand aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ol>
      ) : null}
    </section>
  );
}

function Waiting({ connection, sinceMs }: { connection: RoomConnection; sinceMs: number }) {
  useSecondTick();
  const clock = formatClock(Math.max(0, (connection.clockMs() ?? 0) - sinceMs));
  return (
    <span class="quiet tabular" title={text.room.waitsFor(clock)}>
      {clock}
    </span>
  );
}
