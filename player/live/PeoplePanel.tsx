import { Ellipsis, Hand, MessageSquareOff, MessageSquareText, UserX } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { may } from '#engine/contract';
import type { Participant } from '#engine/contract';
import { removalsFromLecture } from '../courses/removals.ts';
import { RemovedPeople } from '../courses/RemovedPeople.tsx';
import { Badge, ConfirmDialog, EmptyState, IconButton, Menu, showToast } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { PersonAvatar } from '../people/LecturePictures.tsx';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import './people.css';
import { HandQueue } from './HandQueue.tsx';
import { listPeople } from './listPeople.ts';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';

/** The people in the room: raised hands first, then instructors and assistants, then everyone by name. */
export function PeoplePanel({ connection, room }: { connection: RoomConnection; room: RoomState }) {
  const [removing, setRemoving] = useState<Participant>();
  const people = listPeople(room.participants);
  const unlisted = room.participantCount - people.length;

  function attempt(work: Promise<unknown>) {
    work.catch((error: unknown) => showToast({ text: sentenceFor(error), tone: 'danger' }));
  }

  return (
    <div class="people">
      <HandQueue connection={connection} room={room} onAttempt={attempt} />
      {people.length <= 1 && may(room.self.role, 'lecture.present') ? (
        <EmptyState title={text.studio.nobodyTitle}>{text.studio.nobody}</EmptyState>
      ) : null}
      <ul class="people__list">
        {people.map((person) => (
          <li key={person.userId} class="people__row">
            <PersonAvatar userId={person.userId} name={person.displayName} />
            <div class="grow">
              <span dir="auto">{person.displayName}</span>
              {person.userId === room.self.userId ? <span class="quiet"> ({text.room.you})</span> : null}
              {person.isChatMuted ? <div class="small quiet">{text.room.muted}</div> : null}
            </div>
            {person.isHandRaised && !may(room.self.role, 'hand.lowerOthers') ? <RaisedHand connection={connection} room={room} person={person} onAttempt={attempt} /> : null}
            {person.role === 'student' ? null : <Badge tone="good">{text.room.roles[person.role]}</Badge>}
            <PersonMenu connection={connection} room={room} person={person} onAttempt={attempt} onRemove={() => setRemoving(person)} />
          </li>
        ))}
      </ul>
      {may(room.self.role, 'participant.remove') ? <RemovedPeople removals={removalsFromLecture(room.lecture.id)} heading="h3" version={people.length} /> : null}
      {unlisted > 0 ? <p class="quiet people__more">{text.room.morePeople(unlisted)}</p> : null}
      {removing ? (
        <ConfirmDialog
          title={text.room.removeTitle(removing.displayName)}
          message={text.room.removeMessage}
          confirmLabel={text.room.removePerson}
          onConfirm={() => {
            setRemoving(undefined);
            attempt(connection.request('participant.remove', { userId: removing.userId }));
          }}
          onClose={() => setRemoving(undefined)}
        />
      ) : null}
    </div>
  );
}

interface PersonProps {
  connection: RoomConnection;
  room: RoomState;
  person: Participant;
  onAttempt: (work: Promise<unknown>) => void;
}

function RaisedHand({ connection, room, person, onAttempt }: PersonProps) {
  const isOwn = person.id === room.self.id;
  if (!isOwn) {
    return (
      <span class="people__hand" title={text.room.handRaised(person.displayName)}>
        <Hand aria-hidden="true" size={20} />
        <span class="unseen">{text.room.handRaised(person.displayName)}</span>
      </span>
    );
  }
  return (
    <IconButton class="people__hand" label={text.room.lowerHand} onClick={() => onAttempt(connection.request('hand.lower', { participantId: person.id }))}>
      <Hand aria-hidden="true" />
    </IconButton>
  );
}

function PersonMenu({ connection, room, person, onAttempt, onRemove }: PersonProps & { onRemove: () => void }) {
  const canModerate = may(room.self.role, 'chat.moderate') && person.userId !== room.self.userId && person.role === 'student';
  if (!canModerate) return null;
  const isMuted = person.isChatMuted;
  const items: MenuItem[] = [
    {
      key: 'mute',
      label: isMuted ? text.room.unmute : text.room.mute,
      icon: isMuted ? <MessageSquareText aria-hidden="true" /> : <MessageSquareOff aria-hidden="true" />,
      onSelect: () => onAttempt(connection.request('chat.setMuted', { userId: person.userId, isMuted: !isMuted })),
    },
    { key: 'remove', label: text.room.removePerson, icon: <UserX aria-hidden="true" />, isDanger: true, onSelect: onRemove },
  ];
  return <Menu label={text.room.moreFor(person.displayName)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={items} />;
}
