import { CodedError } from '../contract/index.ts';
import type { Lecture, LectureEndReason, LectureEventBody, LectureId, MediaGap, Participant, ParticipantId, Publication, PublicationId } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import { fromInstant } from '../kernel/Clock.ts';
import { Emitter } from '../kernel/Emitter.ts';
import { FencedError } from '../kernel/ownership/index.ts';
import { requireAllowed, requireRole } from './AccessPolicy.ts';
import { Chat } from './Chat.ts';
import { Encoders } from './Encoders.ts';
import { EventLog } from './EventLog.ts';
import { GraceTimer } from './GraceTimer.ts';
import { Hands } from './Hands.ts';
import { Holds } from './Holds.ts';
import { mediaReasonOf } from './LeaveReason.ts';
import type { LeaveReason } from './LeaveReason.ts';
import type { MediaCloseReason, MediaRoom, MediaTrack, Unsubscribe } from './ports.ts';
import { projectRoom } from './projectRoom.ts';
import { Publications } from './Publications.ts';
import { Removals } from './Removals.ts';
import type { PublishOptions } from './Publications.ts';
import { RoomSupervisor } from './RoomSupervisor.ts';
import { Roster } from './Roster.ts';
import type { NewParticipant } from './Roster.ts';
import type { LectureNotification } from './notifications.ts';
import type { LiveLectureOptions } from './LiveLectureOptions.ts';
import { LectureReports } from './LectureReports.ts';
import { LectureStateMachine } from './LectureStateMachine.ts';
import { PublicationManager } from './PublicationManager.ts';

/**
 * One live lecture: its participants, encoders, publications, chat and event log. It does not depend on any connection. Owns the
 * media room and the grace timer; `end`, `close` and `letGo` close both.
 */
export class LiveLecture {
  readonly id: LectureId;
  readonly startedAtMs: number;
  readonly roster = new Roster();
  readonly encoders = new Encoders();
  readonly publications = new Publications();
  readonly chat: Chat;
  readonly removals: Removals;
  readonly hands: Hands;
  readonly reports: LectureReports;
  readonly holds = new Holds();
  readonly #options: LiveLectureOptions;
  readonly #notifications: Emitter<LectureNotification>;
  readonly #log: EventLog;
  readonly #grace: GraceTimer;
  readonly #state: LectureStateMachine;
  readonly #publicationManager: PublicationManager;
  #roomSupervisor: RoomSupervisor | undefined;
  #hasMoved = false;

  private constructor(options: LiveLectureOptions) {
    const { lecture, owned, past, clock, logger, graceMs } = options;
    this.#options = options;
    this.id = lecture.id;
    this.startedAtMs = fromInstant(lecture.startedAt);
    this.#notifications = new Emitter(logger);
    this.reports = new LectureReports((notification) => this.#notifications.emit(notification));
    this.#log = new EventLog({ log: owned.log, lectureClockMs: () => clock.nowMs() - this.startedAtMs });
    const memory = projectRoom(past);
    const record = (event: LectureEventBody) => this.#record(event);
    this.chat = new Chat({
      memory,
      nowMs: () => this.clockMs,
      record: (event, change) => this.#recordThenApply(change, event),
      onMuted: (userId, isChatMuted) => this.roster.ofUser(userId).forEach(({ id }) => this.roster.update(id, { isChatMuted })),
    });
    this.removals = new Removals({
      memory,
      roster: this.roster,
      leave: (userId) => this.roster.ofUser(userId).forEach(({ id }) => this.leave(id, 'removed')),
      record,
      onDelayed: (userId, err) => logger.error({ err, lectureId: this.id, userId }, 'participant.removalDelayed'),
    });
    this.hands = new Hands({ roster: this.roster, nowMs: () => this.clockMs, record: (event) => this.#recordInBackground(event) });
    this.#state = new LectureStateMachine({ lecture, persist: options.persist, record, nowMs: () => clock.nowMs(), logger });
    this.#publicationManager = new PublicationManager({
      publications: this.publications,
      hasBroadcastBefore: past.some(({ type }) => type === 'track.published'),
      record: (event) => this.#recordInBackground(event),
      onChanged: (publication) => this.#notifications.emit({ type: 'track.changed', publication }),
      onMediaArrived: () => this.#mediaArrived(),
      onMediaLost: () => this.#mediaLost(),
      onLastWithdrawn: () => this.#grace.start(),
    });
    this.#grace = new GraceTimer({
      clock,
      graceMs,
      hasPresenter: () => this.roster.hasPresenter,
      onExpired: () => background('lecture.endAfterGrace', this.#endAfterGrace(), logger),
      onChanged: () => this.#notifications.emit({ type: 'lecture.gapChanged', gap: this.gap }),
    });
  }

  /** Opens a lecture that starts now, or one that was live when the last process ended. Leaves nothing open if it fails. */
  static async open(options: LiveLectureOptions): Promise<LiveLecture> {
    const { lecture, plane, clock, logger } = options;
    const live = new LiveLecture(options);
    live.#roomSupervisor = await RoomSupervisor.open({ lectureId: lecture.id, plane, clock, logger, onReset: () => live.#notifications.emit({ type: 'media.reset' }) });
    try {
      await live.#state.move({ type: lecture.state === 'scheduled' ? 'start' : 'mediaLost' });
    } catch (err) {
      live.#closeAll('stopping', 'stopping');
      throw err;
    }
    live.#grace.start();
    return live;
  }

  get view(): Lecture {
    return this.#state.lecture;
  }

  get endReason(): LectureEndReason | null {
    return this.#state.endReason;
  }

  /** The number under which this process owns the lecture. */
  get fence(): number {
    return this.#options.owned.lease.fence;
  }

  /** @throws CodedError `media.unavailable` while the worker is being replaced */
  requireRoom(): MediaRoom {
    if (!this.#roomSupervisor) throw new Error('a live lecture is opened before it is used');
    return this.#roomSupervisor.room;
  }

  /** The lecture clock in ms. */
  get clockMs(): number {
    return this.#log.nowMs();
  }

  get hasBroadcast(): boolean {
    return this.#publicationManager.hasBroadcast;
  }

  /** The time without media in which the lecture is; null while media arrives. */
  get gap(): MediaGap | null {
    const gap = this.#grace.gap;
    return gap && { sinceMs: gap.sinceMs - this.startedAtMs, endsAtMs: gap.endsAtMs - this.startedAtMs };
  }

  onNotification(listener: (notification: LectureNotification) => void): Unsubscribe {
    return this.#notifications.on(listener);
  }

  /** @throws CodedError `lecture.ended`, `participant.removed`, `access.denied` */
  enter(entering: NewParticipant): Participant {
    this.#requireOpen();
    requireAllowed({ role: entering.role, isRemoved: this.removals.has(entering.userId) }, entering.kind === 'presenter' ? 'lecture.present' : 'lecture.watch');
    const participant = this.roster.add(entering, this.clockMs, this.chat.isMuted(entering.userId));
    const { id, userId, displayName, kind, role } = participant;
    this.#recordInBackground({ type: 'participant.joined', data: { participantId: id, userId, displayName, kind, role } });
    return participant;
  }

  /** Removes a participant and their publications. Idempotent. */
  leave(participantId: ParticipantId, reason: LeaveReason): void {
    if (!this.roster.has(participantId)) return;
    this.#publicationManager.withdrawAllOf(participantId, mediaReasonOf(reason));
    const participant = this.roster.remove(participantId);
    if (participant) this.#recordInBackground({ type: 'participant.left', data: { participantId, userId: participant.userId, reason } });
  }

  /** Attaches an encoder of the course, in place of the one before. Returns the id under which it publishes. @throws CodedError `lecture.ended` */
  attachEncoder(displayName: string): ParticipantId {
    this.#requireOpen();
    for (const id of this.encoders.ids()) this.detachEncoder(id, 'replaced');
    const participantId = this.encoders.add(displayName);
    this.#recordInBackground({ type: 'encoder.attached', data: { participantId, displayName } });
    return participantId;
  }

  /** Removes an encoder and its publications. Idempotent. */
  detachEncoder(encoderId: ParticipantId, reason: LeaveReason): void {
    if (!this.encoders.has(encoderId)) return;
    this.#publicationManager.withdrawAllOf(encoderId, mediaReasonOf(reason));
    if (this.encoders.remove(encoderId)) this.#recordInBackground({ type: 'encoder.detached', data: { participantId: encoderId, reason } });
  }

  /** Publishes for a presenter or an encoder. Replaces its publication of the same source and kind. @throws CodedError `access.denied`, `participant.notFound` */
  publish(senderId: ParticipantId, options: PublishOptions): Publication {
    if (!this.encoders.has(senderId)) requireRole(this.roster.get(senderId), 'lecture.present');
    return this.#publicationManager.publish(senderId, options);
  }

  unpublish(participantId: ParticipantId, publicationId: PublicationId): void {
    this.#publicationManager.unpublish(participantId, publicationId);
  }

  setPaused(participantId: ParticipantId, publicationId: PublicationId, isPaused: boolean): Promise<void> {
    return this.#publicationManager.setPaused(participantId, publicationId, isPaused);
  }

  /** Carries a publication with a source of its own over this track until the track closes. @throws CodedError `publication.notFound` */
  attachTrack(publicationId: PublicationId, track: MediaTrack): Promise<void> {
    return this.#publicationManager.attachTrack(publicationId, track);
  }

  /** Puts a presenter or an encoder on the air instead of others that send, too. @throws CodedError `publication.notFound` */
  choose(participantId: ParticipantId): void {
    this.#publicationManager.choose(participantId);
  }

  /** A participant's publications receive nothing, although they are published; or they receive media again. */
  setSilent(participantId: ParticipantId, isSilent: boolean): void {
    this.#publicationManager.setSilent(participantId, isSilent);
  }

  rename(title: string): void {
    this.#state.rename(title);
    this.#notifications.emit({ type: 'lecture.renamed', title });
  }

  /** Ends the lecture. Idempotent. */
  end(reason: LectureEndReason): Promise<void> {
    const ended = this.#end(reason);
    this.holds.until(ended);
    return ended;
  }

  async #end(reason: LectureEndReason): Promise<void> {
    if (!(await this.#state.move({ type: 'end', reason }))) return;
    this.#options.logger.info({ lectureId: this.id, reason }, 'lecture.ended');
    this.#closeAll('lectureEnded', 'lectureEnded');
  }

  /** Closes everything while the lecture stays live: this process ends, and the next one recovers the lecture. */
  async close(): Promise<void> {
    this.#closeAll('stopping', 'stopping');
    await this.#state.settled();
  }

  /**
   * Closes everything at once, because this process does not own the lecture any longer. Stores nothing: the lecture
   * continues in another process.
   */
  letGo(): void {
    this.#hasMoved = true;
    this.#notifications.emit({ type: 'lecture.moved' });
    this.#closeAll('moved', 'moved');
  }

  #closeAll(leaveReason: LeaveReason, mediaReason: MediaCloseReason): void {
    this.#grace.close();
    this.#publicationManager.withdrawAll(mediaReason);
    for (const { id } of this.roster.people()) this.leave(id, leaveReason);
    for (const id of this.encoders.ids()) this.detachEncoder(id, leaveReason);
    this.#roomSupervisor?.close(mediaReason);
  }

  async #endAfterGrace(): Promise<void> {
    try {
      await this.end('graceExpired');
    } catch (err) {
      this.#grace.stop();
      // Media may have arrived while the end was being stored.
      if (!this.#publicationManager.hasMedia) this.#grace.start();
      throw err;
    }
  }

  #requireOpen(): void {
    if (this.#hasMoved) throw new FencedError(this.id, this.fence);
    if (this.view.state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended. Open the course page to watch the recording.');
  }

  #mediaLost(): void {
    this.#grace.start();
    background('lecture.interrupt', this.#state.move({ type: 'mediaLost' }), this.#options.logger);
  }

  #mediaArrived(): void {
    this.#grace.stop();
    background('lecture.resume', this.#state.move({ type: 'mediaArrived' }), this.#options.logger);
  }

  /** For events that a crash may lose. */
  #recordInBackground(event: LectureEventBody): void {
    background('eventLog.append', this.#record(event), this.#options.logger);
  }

  /** Notifies at once; the event is stored now or later. */
  async #record(body: LectureEventBody): Promise<void> {
    const { event, written } = this.#log.append(body);
    this.#notifications.emit(event);
    await written;
  }

  /** For what people write: stores the event, then applies the change, then notifies. */
  async #recordThenApply(change: () => void, body: LectureEventBody): Promise<void> {
    const { event, written } = this.#log.append(body);
    await written;
    change();
    this.#notifications.emit(event);
  }
}
