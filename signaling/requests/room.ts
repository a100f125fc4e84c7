import { CodedError, may } from '#engine/contract';
import type { LiveLecture } from '#engine';
import type { Participant } from '#engine/contract';
import { rosterLimit } from '../contract/index.ts';
import type { RoomSnapshot } from '../contract/index.ts';
import type { Handlers } from './handler.ts';

export const roomHandlers: Handlers<'room.join' | 'room.leave' | 'roster.list'> = {
  'room.join': async ({ connection, registry, tokens, rooms }, { ticket, as }) => {
    if (connection.isJoined) throw new CodedError('request.invalid', 'This connection is in a room already.');
    const { lectureId, userId, displayName, role } = tokens.verify('join', ticket);
    const lecture = await registry.requireLive(lectureId);
    if (connection.isJoined) throw new CodedError('request.invalid', 'This connection is in a room already.');
    const kind = as === 'presenter' ? 'presenter' : 'viewer';
    const rtpCapabilities = lecture.room.rtpCapabilities;
    const earlier = kind === 'presenter' ? lecture.roster.ofUser(userId).filter((participant) => participant.kind === 'presenter') : [];
    const participant = lecture.enter({ userId, displayName, role, kind });
    for (const { id } of earlier) lecture.leave(id, 'replaced');
    connection.join({ lecture, participant });
    rooms.enter(lecture, participant, connection);
    return { ...snapshot(lecture, participant), rtpCapabilities };
  },

  'room.leave': ({ connection, rooms }) => {
    rooms.leave(connection, 'left');
    return {};
  },

  'roster.list': ({ connection }, { offset }) => {
    const { lecture } = connection.member;
    const people = lecture.roster.people();
    return { participants: people.slice(offset, offset + rosterLimit), participantCount: people.length };
  },
};

function snapshot(lecture: LiveLecture, self: Participant): Omit<RoomSnapshot, 'rtpCapabilities'> {
  const people = lecture.roster.people();
  return {
    self,
    lecture: lecture.view,
    lectureClockMs: lecture.clockMs,
    participants: people.slice(0, rosterLimit),
    participantCount: people.length,
    publications: lecture.publications.all().map(({ view }) => view),
    chat: [...lecture.chat.history],
    slowModeMs: lecture.chat.slowModeMs,
    recording: lecture.recording,
    ingestHealth: may(self.role, 'ingest.inspect') ? lecture.ingestHealth : null,
  };
}
