import * as z from 'zod';
import { MessageId, ParticipantId, PublicationId, UserId } from './ids.ts';
import { ChatMessage, CourseRole, LectureEndReason, ParticipantKind, TrackKind, TrackSource } from './lecture.ts';

/**
 * The data of each event, by type. Every lecture has one log, stamped with the lecture clock; the live room, the snapshot
 * of a joining client, the replay, analytics and export are projections of it. An event is appended after the state has
 * changed.
 */
export const lectureEventSchemas = {
  'lecture.started': z.object({}),
  'lecture.interrupted': z.object({}),
  'lecture.resumed': z.object({}),
  'lecture.ended': z.object({ reason: LectureEndReason }),
  'participant.joined': z.object({ participantId: ParticipantId, userId: UserId, displayName: z.string(), kind: ParticipantKind, role: CourseRole }),
  'participant.left': z.object({ participantId: ParticipantId, userId: UserId, reason: z.string() }),
  'participant.removed': z.object({ userId: UserId, byUserId: UserId }),
  'participant.readmitted': z.object({ userId: UserId, byUserId: UserId }),
  'encoder.attached': z.object({ participantId: ParticipantId, displayName: z.string() }),
  'encoder.detached': z.object({ participantId: ParticipantId, reason: z.string() }),
  'track.published': z.object({ publicationId: PublicationId, participantId: ParticipantId, source: TrackSource, kind: TrackKind }),
  'track.unpublished': z.object({ publicationId: PublicationId, participantId: ParticipantId, source: TrackSource, kind: TrackKind, reason: z.string() }),
  'chat.posted': z.object({ message: ChatMessage }),
  'chat.deleted': z.object({ messageId: MessageId, byUserId: UserId }),
  'chat.muted': z.object({ userId: UserId, isMuted: z.boolean(), byUserId: UserId }),
  'chat.slowModeChanged': z.object({ intervalMs: z.number().int().min(0), byUserId: UserId }),
  'hand.raised': z.object({ participantId: ParticipantId, userId: UserId }),
  'hand.lowered': z.object({ participantId: ParticipantId, userId: UserId }),
} as const;

export type LectureEventType = keyof typeof lectureEventSchemas;
export type LectureEventData<T extends LectureEventType> = z.infer<(typeof lectureEventSchemas)[T]>;

/** An event before it is numbered and stamped. */
export type LectureEventBody = { [T in LectureEventType]: { type: T; data: LectureEventData<T> } }[LectureEventType];

/**
 * One event of the log. `seq` counts from 1; a few numbers belong to no event. `atMs` is the lecture clock and never runs
 * backwards.
 */
export type LectureEvent = LectureEventBody & { seq: number; atMs: number };
