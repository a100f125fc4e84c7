import * as z from 'zod';
import { CourseId, LectureId, MessageId, ParticipantId, PublicationId, UserId } from './ids.ts';

/** ISO 8601 in UTC, to the millisecond. */
export const Instant = z.iso.datetime();
export type Instant = z.infer<typeof Instant>;

/** What someone may do in one course. `owner` and `assistant` present and moderate; `student` watches. */
export const CourseRole = z.enum(['owner', 'assistant', 'student']);
export type CourseRole = z.infer<typeof CourseRole>;

export const ParticipantKind = z.enum(['presenter', 'viewer', 'ingest', 'recorder']);
export type ParticipantKind = z.infer<typeof ParticipantKind>;

/** Where a track comes from. `program` is a finished mix, as OBS sends it: its picture or its sound, by `TrackKind`. */
export const TrackSource = z.enum(['camera', 'screen', 'microphone', 'program']);
export type TrackSource = z.infer<typeof TrackSource>;

export const TrackKind = z.enum(['video', 'audio']);
export type TrackKind = z.infer<typeof TrackKind>;

/**
 * `scheduled` → `live` ⇄ `interrupted` → `ended`. `interrupted`: the lecture goes on, but no presenter track arrives;
 * after the grace period it ends by itself.
 */
export const LectureState = z.enum(['scheduled', 'live', 'interrupted', 'ended']);
export type LectureState = z.infer<typeof LectureState>;

export const LectureEndReason = z.enum(['presenter', 'graceExpired', 'removed']);
export type LectureEndReason = z.infer<typeof LectureEndReason>;

/** What the recorder is doing. `behind`: written safely here, but its upload to the store is late. */
export const RecordingState = z.enum(['off', 'recording', 'behind', 'failing', 'finished']);
export type RecordingState = z.infer<typeof RecordingState>;

/**
 * Why nothing can be brought to the store. An S3 server does not answer as it should, refuses the key, or lacks the bucket; a
 * folder has a disk without room, or may not be written.
 */
export const StoreTrouble = z.enum(['away', 'accessRefused', 'bucketMissing', 'full', 'readOnly']);
export type StoreTrouble = z.infer<typeof StoreTrouble>;

/** Why the recording pauses: no room left, the folder may not be written, the disk reports errors, or is slower than the lecture. */
export const DiskTrouble = z.enum(['full', 'readOnly', 'broken', 'tooSlow']);
export type DiskTrouble = z.infer<typeof DiskTrouble>;

/** What those who present are told of the recording beside its state. */
export const RecordingNote = z.object({
  /** Null while the disk takes everything in time. */
  disk: DiskTrouble.nullable(),
  /** How long the disk lasts at the present rate; null while that is long. */
  diskMinutesLeft: z.number().int().nullable(),
  /** What waits for the store, and since when; null while it keeps up. Without `trouble` it is merely slow. */
  upload: z.object({ waitingSince: Instant, waitingBytes: z.number().int(), trouble: StoreTrouble.nullable() }).nullable(),
});
export type RecordingNote = z.infer<typeof RecordingNote>;

export const Lecture = z.object({
  id: LectureId,
  courseId: CourseId,
  title: z.string(),
  state: LectureState,
  /** When it is planned to begin; null for one that was started on the spot. */
  scheduledAt: Instant.nullable(),
  /** Zero of the lecture's clock. */
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** False when the instructor said that this lecture is not to be recorded. */
  isRecorded: z.boolean(),
});
export type Lecture = z.infer<typeof Lecture>;

export const Participant = z.object({
  id: ParticipantId,
  /** The same person may be here twice (two tabs): two participants, one user. */
  userId: UserId,
  displayName: z.string(),
  kind: ParticipantKind,
  role: CourseRole,
  joinedAtMs: z.number().describe('On the lecture clock.'),
  isHandRaised: z.boolean(),
  isChatMuted: z.boolean(),
});
export type Participant = z.infer<typeof Participant>;

export const Publication = z.object({
  id: PublicationId,
  participantId: ParticipantId,
  source: TrackSource,
  kind: TrackKind,
  /** The presenter switched it off for now (a muted microphone). */
  isPaused: z.boolean(),
  /** More than one quality layer can be chosen. */
  isSimulcast: z.boolean(),
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
