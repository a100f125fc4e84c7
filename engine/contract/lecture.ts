import * as z from 'zod';
import { CourseId, LectureId, MessageId, ParticipantId, PublicationId, UserId } from './ids.ts';

/** ISO 8601 in UTC, to the millisecond. */
export const Instant = z.iso.datetime();
export type Instant = z.infer<typeof Instant>;

/** The role of a user in one course. `owner` and `assistant` present and moderate; `student` watches. */
export const CourseRole = z.enum(['owner', 'assistant', 'student']);
export type CourseRole = z.infer<typeof CourseRole>;

/** What a person does in the room. An encoder is no participant: it belongs to the course. */
export const ParticipantKind = z.enum(['presenter', 'viewer']);
export type ParticipantKind = z.infer<typeof ParticipantKind>;

/** Where a track comes from. `program` is a finished mix, as OBS sends it: its video or its audio, by `TrackKind`. */
export const TrackSource = z.enum(['camera', 'screen', 'microphone', 'program']);
export type TrackSource = z.infer<typeof TrackSource>;

export const TrackKind = z.enum(['video', 'audio']);
export type TrackKind = z.infer<typeof TrackKind>;

/**
 * `scheduled` → `live` ⇄ `interrupted` → `ended`. `interrupted`: the lecture continues, but no media arrives; it ends when the
 * grace period is over.
 */
export const LectureState = z.enum(['scheduled', 'live', 'interrupted', 'ended']);
export type LectureState = z.infer<typeof LectureState>;

export const LectureEndReason = z.enum(['presenter', 'graceExpired', 'removed']);
export type LectureEndReason = z.infer<typeof LectureEndReason>;

/** State of the recording. `behind`: it is safe on this node's disk, but its upload to the object store is late. */
export const RecordingState = z.enum(['off', 'recording', 'behind', 'failing', 'finished']);
export type RecordingState = z.infer<typeof RecordingState>;

/**
 * Why nothing can be uploaded. `away`: an S3 server does not respond as it should; `accessRefused`: it refuses the key;
 * `bucketMissing`; `full` and `readOnly`: the disk of a folder store.
 */
export const StoreTrouble = z.enum(['away', 'accessRefused', 'bucketMissing', 'full', 'readOnly']);
export type StoreTrouble = z.infer<typeof StoreTrouble>;

/** Why the recording pauses: the disk is full, read-only, reports errors, or is slower than the lecture. */
export const DiskTrouble = z.enum(['full', 'readOnly', 'broken', 'tooSlow']);
export type DiskTrouble = z.infer<typeof DiskTrouble>;

/** What presenters see of the recording beside its state. */
export const RecordingNote = z.object({
  disk: DiskTrouble.nullable().describe('Why the recording pauses. Null while the disk keeps up.'),
  diskMinutesLeft: z.number().int().nullable().describe('Minutes until the disk is full, at the current rate. Null if that is a long time.'),
  upload: z
    .object({
      waitingSince: Instant,
      waitingBytes: z.number().int(),
      trouble: StoreTrouble.nullable().describe('Why nothing can be uploaded. Null while the store is only slow.'),
    })
    .nullable()
    .describe('The files that wait to be uploaded to the object store. Null while uploads keep up.'),
  unreadable: z.array(TrackKind).describe('Published tracks that the recorder cannot read. They are missing in the recording.'),
});
export type RecordingNote = z.infer<typeof RecordingNote>;

export const Lecture = z.object({
  id: LectureId,
  courseId: CourseId,
  title: z.string(),
  state: LectureState,
  scheduledAt: Instant.nullable().describe('Planned start; null for a lecture without a date.'),
  startedAt: Instant.nullable().describe('Zero of the lecture clock.'),
  endedAt: Instant.nullable(),
  isRecorded: z.boolean().describe('False when the instructor has switched the recording off.'),
});
export type Lecture = z.infer<typeof Lecture>;

/** A time in which a live lecture gets no media: nothing was sent yet, the broadcast is paused, or its sender is lost. On the lecture clock. */
export const MediaGap = z.object({
  sinceMs: z.number(),
  endsAtMs: z.number().describe('When the lecture ends, if nothing is sent before and a presenter stays in the room. Without a presenter it ends earlier.'),
});
export type MediaGap = z.infer<typeof MediaGap>;

export const Participant = z.object({
  id: ParticipantId,
  userId: UserId.describe('Two pages of one person are two participants with one user.'),
  displayName: z.string(),
  kind: ParticipantKind,
  role: CourseRole,
  joinedAtMs: z.number().describe('On the lecture clock.'),
  isHandRaised: z.boolean(),
  handRaisedAtMs: z.number().nullable().describe('On the lecture clock; null while the hand is down.'),
  isChatMuted: z.boolean(),
});
export type Participant = z.infer<typeof Participant>;

export const Publication = z.object({
  id: PublicationId,
  participantId: ParticipantId.describe('The presenter who sends it. An encoder also has such an id, but is not in the lists of people.'),
  source: TrackSource,
  kind: TrackKind,
  isPaused: z.boolean().describe('The presenter has paused it: a microphone that is muted, for example.'),
  isSimulcast: z.boolean().describe('It has more than one spatial layer.'),
  isStandby: z.boolean().describe('Another presenter or encoder is on the air. This publication is not recorded, and subscribing to it is refused.'),
});
export type Publication = z.infer<typeof Publication>;

export const ChatMessage = z.object({
  id: MessageId,
  userId: UserId,
  displayName: z.string(),
  role: CourseRole,
  text: z.string(),
  atMs: z.number().describe('On the lecture clock.'),
});
export type ChatMessage = z.infer<typeof ChatMessage>;
