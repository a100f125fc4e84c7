import type { LiveLecture, LectureNotification, LeaveReason } from '#engine';
import type { LectureId, Participant, ParticipantId, Publication } from '#engine/contract';
import type { Clock, Presence } from '#engine/kernel';
import type { Connection } from './Connection.ts';
import { rosterCountIntervalMs, rosterLimit } from './contract/index.ts';
import type { PushData, PushName, RoomCloseReason } from './contract/index.ts';
import { handoverMs } from './limits.ts';
import { RosterNotifier } from './RosterNotifier.ts';

const closeMessages: Record<RoomCloseReason, string> = {
  lectureEnded: 'The lecture has ended.',
  removed: 'You were removed from this lecture and cannot rejoin.',
  removedFromCourse: 'You were removed from this course.',
  roleChanged: 'Your role in this course has changed. Join again.',
  signedOut: 'You were signed out on this device. Sign in again.',
  replaced: 'You opened this lecture in too many tabs, so this tab has left it.',
  stopping: 'The server is restarting. The lecture continues in a moment.',
  moved: 'The lecture is moving to another server. It continues in a moment.',
  left: 'You left the room.',
};

/** The reasons for which a participant leaves without a request of their own. */
const closeReasons: Readonly<Partial<Record<string, RoomCloseReason>>> = {
  removed: 'removed',
  expelled: 'removedFromCourse',
  demoted: 'roleChanged',
  signedOut: 'signedOut',
  replaced: 'replaced',
} satisfies Partial<Record<LeaveReason, RoomCloseReason>>;

interface Room {
  lecture: LiveLecture;
  members: Map<ParticipantId, Connection>;
  rosterNotifier: RosterNotifier;
  stopListening: () => void;
  cancelCount: (() => void) | undefined;
}

/** The sockets behind the connections. */
export interface RoomSockets {
  addToRoom(connection: Connection, lectureId: LectureId): void;
  removeFromRoom(connection: Connection, lectureId: LectureId): void;
  /** Sends one packet, encoded once, to every socket in the room. */
  broadcast<N extends PushName>(lectureId: LectureId, push: { name: N; data: PushData<N>; except: Connection | undefined }): void;
  /** Closes the socket of a connection when its last push has been sent. */
  disconnect(connection: Connection): void;
}

/** Turns the notifications of live lectures into pushes to the connections in their rooms. Owns the map from participants to connections. */
export class Rooms {
  readonly #clock: Clock;
  readonly #rooms = new Map<LectureId, Room>();
  readonly #sockets: RoomSockets;
  readonly #presence: Presence;

  constructor({ clock, presence, sockets }: { clock: Clock; presence: Presence; sockets: RoomSockets }) {
    this.#clock = clock;
    this.#presence = presence;
    this.#sockets = sockets;
  }

  enter(lecture: LiveLecture, participant: Participant, connection: Connection): void {
    const room = this.#rooms.get(lecture.id) ?? this.#open(lecture);
    room.members.set(participant.id, connection);
    this.#presence.enter(lecture.id, { id: participant.id, userId: participant.userId });
    this.#sockets.addToRoom(connection, lecture.id);
    room.rosterNotifier.joined(participant, connection, lecture.roster.peopleCount <= rosterLimit);
    this.#scheduleCount(room);
  }

  leave(connection: Connection, reason: LeaveReason): void {
    const membership = connection.membership;
    if (!membership) return;
    const { lecture, participant } = membership;
    this.#rooms.get(lecture.id)?.members.delete(participant.id);
    this.#presence.leave(lecture.id, participant.id);
    this.#sockets.removeFromRoom(connection, lecture.id);
    connection.leave();
    lecture.leave(participant.id, reason);
  }

  /** The login of this connection has ended. */
  signOut(connection: Connection): void {
    // A request in flight must not let it in.
    connection.close();
    const { membership } = connection;
    if (membership) return membership.lecture.leave(membership.participant.id, 'signedOut');
    connection.push('room.closed', { reason: 'signedOut', message: closeMessages.signedOut });
    this.#sockets.disconnect(connection);
  }

  /** Closes every room with the reason `stopping`. */
  close(): void {
    for (const room of [...this.#rooms.values()]) this.#close(room, 'stopping');
  }

  get connectionCount(): number {
    let count = 0;
    for (const { members } of this.#rooms.values()) count += members.size;
    return count;
  }

  #open(lecture: LiveLecture): Room {
    const members = new Map<ParticipantId, Connection>();
    const room: Room = { lecture, members, rosterNotifier: new RosterNotifier(this.#clock, members), stopListening: () => undefined, cancelCount: undefined };
    room.stopListening = lecture.onNotification((notification) => this.#relay(room, notification));
    this.#rooms.set(lecture.id, room);
    return room;
  }

  #relay(room: Room, notification: LectureNotification): void {
    const { lecture } = room;
    switch (notification.type) {
      case 'participant.left':
        return this.#participantLeft(room, notification.data.participantId, notification.data.reason);
      case 'track.published':
        return this.#broadcastPublished(room, lecture.publications.find(notification.data.publicationId)?.view);
      case 'track.unpublished':
        return this.#broadcast(room, 'track.unpublished', { publicationId: notification.data.publicationId });
      case 'track.changed':
        return this.#publicationChanged(room, notification.publication);
      case 'lecture.ended':
        this.#broadcastState(room);
        return this.#close(room, 'lectureEnded');
      case 'lecture.moved':
        return this.#close(room, 'moved');
      case 'lecture.interrupted':
      case 'lecture.resumed':
        return this.#broadcastState(room);
      case 'media.reset':
        for (const connection of room.members.values()) connection.closeMedia();
        return this.#broadcast(room, 'media.reset', {});
      default:
        return this.#relayAsIs(room, notification);
    }
  }

  /** Notifications whose push has the same data. */
  #relayAsIs(room: Room, notification: LectureNotification): void {
    switch (notification.type) {
      case 'lecture.renamed':
        return this.#broadcastState(room);
      case 'chat.posted':
        return this.#broadcast(room, 'chat.posted', { message: notification.data.message });
      case 'chat.deleted':
        return this.#broadcast(room, 'chat.deleted', { messageId: notification.data.messageId });
      case 'chat.muted':
        return this.#broadcast(room, 'chat.muted', { userId: notification.data.userId, isMuted: notification.data.isMuted });
      case 'chat.slowModeChanged':
        return this.#broadcast(room, 'chat.slowModeChanged', { intervalMs: notification.data.intervalMs });
      case 'hand.raised':
        return this.#broadcast(room, 'hand.raised', { participantId: notification.data.participantId, atMs: notification.atMs });
      case 'hand.lowered':
        return this.#broadcast(room, 'hand.lowered', { participantId: notification.data.participantId });
      case 'lecture.gapChanged':
        return this.#broadcast(room, 'lecture.gapChanged', { gap: notification.gap });
      case 'recording.changed':
        return this.#broadcast(room, 'recording.changed', { state: notification.state });
      case 'ingest.healthChanged':
        return this.#sendToPresenters(room, 'ingest.healthChanged', { health: notification.health });
      case 'recording.noted':
        return this.#sendToPresenters(room, 'recording.noted', { note: notification.note });
      default:
    }
  }

  /** Announces it to the rest of the room, and closes the connection of a participant who did not leave by a request. */
  #participantLeft(room: Room, participantId: ParticipantId, reason: string): void {
    const connection = room.members.get(participantId);
    room.members.delete(participantId);
    this.#presence.leave(room.lecture.id, participantId);
    if (connection) this.#dismiss(room, connection, closeReasons[reason] ?? 'left');
    if (room.lecture.roster.peopleCount <= rosterLimit) room.rosterNotifier.left(participantId);
    this.#scheduleCount(room);
    if (room.members.size === 0) this.#drop(room);
  }

  #close(room: Room, reason: RoomCloseReason): void {
    const connections = [...room.members.values()];
    for (const participantId of room.members.keys()) this.#presence.leave(room.lecture.id, participantId);
    room.members.clear();
    this.#drop(room);
    for (const connection of connections) this.#dismiss(room, connection, reason);
  }

  #dismiss(...[{ lecture }, connection, reason]: [Room, Connection, RoomCloseReason]): void {
    this.#sockets.removeFromRoom(connection, lecture.id);
    connection.leave();
    connection.push('room.closed', { reason, message: closeMessages[reason] });
    this.#sockets.disconnect(connection);
  }

  #drop(room: Room): void {
    room.stopListening();
    room.rosterNotifier.close();
    room.cancelCount?.();
    if (this.#rooms.get(room.lecture.id) === room) this.#rooms.delete(room.lecture.id);
  }

  #broadcastState(room: Room): void {
    const { view, clockMs, endReason } = room.lecture;
    this.#broadcast(room, 'lecture.changed', { state: view.state, title: view.title, lectureClockMs: clockMs, endReason });
  }

  #publicationChanged(room: Room, publication: Publication): void {
    this.#broadcast(room, 'track.changed', { publication });
    if (!publication.isStandby) return;
    // What replaces it arrives before it ends.
    this.#clock.after(handoverMs, () => {
      if (room.lecture.publications.find(publication.id)?.view.isStandby === false) return;
      for (const connection of room.members.values()) connection.closeSubscriptionsTo(publication.id);
    });
  }

  /** Not to the publisher, which has the publication from the acknowledgement. */
  #broadcastPublished(room: Room, publication: Publication | undefined): void {
    if (publication) this.#broadcast(room, 'track.published', { publication }, publication.participantId);
  }

  #broadcast<N extends PushName>(...[room, name, data, except]: [room: Room, name: N, data: PushData<N>, except?: ParticipantId]): void {
    room.rosterNotifier.flush();
    this.#sockets.broadcast(room.lecture.id, { name, data, except: except && room.members.get(except) });
  }

  #sendToPresenters<N extends PushName>(room: Room, name: N, data: PushData<N>): void {
    for (const [participantId, connection] of room.members) {
      if (room.lecture.roster.has(participantId) && room.lecture.roster.get(participantId).kind === 'presenter') connection.push(name, data);
    }
  }

  #scheduleCount(room: Room): void {
    room.cancelCount ??= this.#clock.after(rosterCountIntervalMs, () => {
      room.cancelCount = undefined;
      this.#broadcast(room, 'roster.counted', { participantCount: room.lecture.roster.peopleCount });
    });
  }
}
