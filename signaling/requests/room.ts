import { CodedError, joinTicketSeconds, may } from '#engine/contract';
import type { LiveLecture } from '#engine';
import type { Participant, ParticipantKind, UserId } from '#engine/contract';
import { maxPagesPerUser, rosterLimit } from '../contract/index.ts';
import type { RoomSnapshot } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export const roomHandlers: Handlers<'room.join' | 'room.leave' | 'roster.list'> = {
  'room.join': async (context, { ticket, as: kind }) => {
    const { accessPolicy, connection, logins, registry, tokens, rooms } = context;
    requireNotJoined(connection);
    const { ticketId, lectureId, userId, loginId, displayName } = tokens.verify('join', ticket);
    // A login that ends from here on closes the connection.
    connection.belongsTo({ userId, loginId });
    if (!(await logins.isOpen({ userId, loginId }))) throw new CodedError('auth.invalid', 'You were signed out. Sign in again.');
    const lecture = await registry.requireLive(lectureId);
    requireNotJoined(connection);
    lecture.requireRoom();
    // One second longer, because the times in tokens are whole seconds.
    if (!(await context.tickets.use(ticketId, (joinTicketSeconds + 1) * 1000))) throw new CodedError('auth.reused', 'This ticket was already used. Request a new one.');
    // The role at this moment; the ticket's may be out of date. Nothing may come between this and `enter`.
    const { role } = await accessPolicy.requireInLecture(userId, lectureId, 'lecture.watch');
    requireNotJoined(connection);
    const { rtpCapabilities } = lecture.requireRoom();
    const earlier = pagesToReplace(lecture, userId, kind);
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
    return { participants: lecture.roster.people(offset, rosterLimit), participantCount: lecture.roster.peopleCount };
  },
};

function requireNotJoined(connection: HandlerContext['connection']): void {
  if (connection.isClosed) throw new CodedError('participant.notFound', 'The connection was closed while joining. Join again.');
  if (connection.isJoined) throw new CodedError('request.invalid', 'This connection has already joined a room.');
}

function pagesToReplace(lecture: LiveLecture, userId: UserId, kind: ParticipantKind): Participant[] {
  const pages = lecture.roster.ofUser(userId).filter((participant) => participant.kind === kind);
  return pages.slice(0, Math.max(0, pages.length + 1 - maxPagesPerUser));
}

function snapshot(lecture: LiveLecture, self: Participant): Omit<RoomSnapshot, 'rtpCapabilities'> {
  return {
    self,
    lecture: lecture.view,
    lectureClockMs: lecture.clockMs,
    participants: lecture.roster.people(0, rosterLimit),
    participantCount: lecture.roster.peopleCount,
    hasBroadcast: lecture.hasBroadcast,
    gap: lecture.gap,
    publications: lecture.publications.all().map(({ view }) => view),
    chat: [...lecture.chat.history],
    deletedChat: [...lecture.chat.deleted],
    slowModeMs: lecture.chat.slowModeMs,
    recording: lecture.reports.recording,
    recordingNote: may(self.role, 'ingest.inspect') ? lecture.reports.recordingNote : null,
    ingestHealth: may(self.role, 'ingest.inspect') ? lecture.reports.health : null,
  };
}
