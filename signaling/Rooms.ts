import type { LiveLecture, LectureNotification, LeaveReason } from '#engine';
import type { LectureId, Participant, ParticipantId, Publication } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Connection } from './Connection.ts';
import { rosterCountIntervalMs, rosterLimit } from './contract/index.ts';
import type { PushData, PushName, RoomCloseReason } from './contract/index.ts';
import { RosterNotifier } from './RosterNotifier.ts';

const farewells: Record<RoomCloseReason, string> = {
  lectureEnded: 'The lecture has ended.',
  removed: 'You were removed from this lecture and cannot rejoin.',
  replaced: 'You opened this lecture in another tab, so this tab has left it.',
  stopping: 'The server is restarting. The lecture continues in a moment.',
  left: 'You left the room.',
};

interface Room {
  lecture: LiveLecture;
  members: Map<ParticipantId, Connection>;
  rosterNotifier: RosterNotifier;
  stopListening: () => void;
  cancelCount: (() => void) | undefined;
}

/** The sockets behind the connections. */
export interface RoomSockets {
  admit(connection: Connection, lectureId: LectureId): void;
  release(connection: Connection, lectureId: LectureId): void;
  /** One packet, encoded once, to every socket that was admitted. */
  tell<N extends PushName>(lectureId: LectureId, push: { name: N; data: PushData<N>; except: Connection | undefined }): void;
  /** Ends the socket of a connection, a moment after its last push. */
  hangUp(connection: Connection): void;
}

/** Tells the browsers in each room what happens in its lecture. Owns the map from participants to connections. */
export class Rooms {
  readonly #clock: Clock;
  readonly #rooms = new Map<LectureId, Room>();
  readonly #sockets: RoomSockets;

  constructor(clock: Clock, sockets: RoomSockets) {
    this.#clock = clock;
    this.#sockets = sockets;
  }

  enter(lecture: LiveLecture, participant: Participant, connection: Connection): void {
    const room = this.#rooms.get(lecture.id) ?? this.#open(lecture);
    room.members.set(participant.id, connection);
    this.#sockets.admit(connection, lecture.id);
    room.rosterNotifier.joined(participant, connection, lecture.roster.peopleCount <= rosterLimit);
    this.#countSoon(room);
  }

  leave(connection: Connection, reason: LeaveReason): void {
    const membership = connection.membership;
    if (!membership) return;
    const { lecture, participant } = membership;
    this.#rooms.get(lecture.id)?.members.delete(participant.id);
    this.#sockets.release(connection, lecture.id);
    connection.forget();
    lecture.leave(participant.id, reason);
  }

  /** Everyone is told to come back soon. */
  close(): void {
    for (const room of [...this.#rooms.values()]) this.#shut(room, 'stopping');
  }

  get connectionCount(): number {
    let count = 0;
    for (const { members } of this.#rooms.values()) count += members.size;
    return count;
  }

  #open(lecture: LiveLecture): Room {
    const members = new Map<ParticipantId, Connection>();
    const room: Room = { lecture, members, rosterNotifier: new RosterNotifier(this.#clock, members), stopListening: () => undefined, cancelCount: undefined };
    room.stopListening = lecture.onNotification((signal) => this.#relay(room, signal));
    this.#rooms.set(lecture.id, room);
    return room;
  }

  #relay(room: Room, signal: LectureNotification): void {
    const { lecture } = room;
    switch (signal.type) {
      case 'participant.left':
        return this.#left(room, signal.data.participantId, signal.data.reason);
      case 'track.published':
        return this.#tellPublished(room, lecture.publications.find(signal.data.publicationId)?.view);
      case 'track.unpublished':
        return this.#tell(room, 'track.unpublished', { publicationId: signal.data.publicationId });
      case 'track.changed':
        return this.#tell(room, 'track.changed', { publication: signal.publication });
      case 'lecture.ended':
        this.#tellState(room);
        return this.#shut(room, 'lectureEnded');
      case 'lecture.interrupted':
      case 'lecture.resumed':
        return this.#tellState(room);
      case 'media.reset':
        for (const connection of room.members.values()) connection.dropMedia();
        return this.#tell(room, 'media.reset', {});
      case 'ingest.healthChanged':
        return this.#tellPresenters(room, 'ingest.healthChanged', { health: signal.health });
      default:
        return this.#relayPlain(room, signal);
    }
  }

  #tellPublished(room: Room, publication: Publication | undefined): void {
    if (publication) this.#tell(room, 'track.published', { publication }, publication.participantId);
  }

  #relayPlain(room: Room, signal: LectureNotification): void {
    switch (signal.type) {
      case 'chat.posted':
        return this.#tell(room, 'chat.posted', { message: signal.data.message });
      case 'chat.deleted':
        return this.#tell(room, 'chat.deleted', { messageId: signal.data.messageId });
      case 'chat.muted':
        return this.#tell(room, 'chat.muted', { userId: signal.data.userId, isMuted: signal.data.isMuted });
      case 'chat.slowModeChanged':
        return this.#tell(room, 'chat.slowModeChanged', { intervalMs: signal.data.intervalMs });
      case 'hand.raised':
      case 'hand.lowered':
        return this.#tell(room, signal.type, { participantId: signal.data.participantId });
      case 'recording.changed':
        return this.#tell(room, 'recording.changed', { state: signal.state });
      case 'recording.noted':
        return this.#tellPresenters(room, 'recording.noted', { note: signal.note });
      default:
    }
  }

  /** Someone is out: the rest of the room hears it, and the browser itself when it did not ask to go. */
  #left(room: Room, participantId: ParticipantId, reason: string): void {
    const connection = room.members.get(participantId);
    room.members.delete(participantId);
    if (connection) this.#dismiss(room, connection, reason === 'removed' || reason === 'replaced' ? reason : 'left');
    if (room.lecture.roster.peopleCount <= rosterLimit) room.rosterNotifier.left(participantId);
    this.#countSoon(room);
    if (room.members.size === 0) this.#drop(room);
  }

  #shut(room: Room, reason: RoomCloseReason): void {
    const connections = [...room.members.values()];
    room.members.clear();
    this.#drop(room);
    for (const connection of connections) this.#dismiss(room, connection, reason);
  }

  #dismiss(...[{ lecture }, connection, reason]: [Room, Connection, RoomCloseReason]): void {
    this.#sockets.release(connection, lecture.id);
    connection.forget();
    connection.push('room.closed', { reason, message: farewells[reason] });
    this.#sockets.hangUp(connection);
  }

  #drop(room: Room): void {
    room.stopListening();
    room.rosterNotifier.close();
    room.cancelCount?.();
    if (this.#rooms.get(room.lecture.id) === room) this.#rooms.delete(room.lecture.id);
  }

  #tellState(room: Room): void {
    const { view, clockMs, endReason } = room.lecture;
    this.#tell(room, 'lecture.changed', { state: view.state, lectureClockMs: clockMs, endReason });
  }

  #tell<N extends PushName>(...[room, name, data, except]: [room: Room, name: N, data: PushData<N>, except?: ParticipantId]): void {
    room.rosterNotifier.tell();
    this.#sockets.tell(room.lecture.id, { name, data, except: except && room.members.get(except) });
  }

  #tellPresenters<N extends PushName>(room: Room, name: N, data: PushData<N>): void {
    for (const [participantId, connection] of room.members) {
      if (room.lecture.roster.has(participantId) && room.lecture.roster.get(participantId).kind === 'presenter') connection.push(name, data);
    }
  }

  #countSoon(room: Room): void {
    room.cancelCount ??= this.#clock.after(rosterCountIntervalMs, () => {
      room.cancelCount = undefined;
      this.#tell(room, 'roster.counted', { participantCount: room.lecture.roster.peopleCount });
    });
  }
}
