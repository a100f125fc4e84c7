import { LectureId } from '#engine/contract';
import type { ParticipantId, PublicationId, TrackKind } from '#engine/contract';
import type { LeaveReason, LectureRegistry, LiveLecture } from '#engine';
import type { DetachReason, IngestAttachment, IngestLecture, IngestLectures, IngestTrack } from './IngestLectures.ts';

const leaveReasons: Record<DetachReason, LeaveReason> = {
  encoderGone: 'disconnected',
  refused: 'disconnected',
  replaced: 'replaced',
  stopping: 'stopping',
};

const displayNames = { rtmp: 'Encoder' } as const;

/** The engine's lectures, as an encoder meets them: it enters the room as a participant of kind `ingest`. */
export function engineLectures(registry: LectureRegistry): IngestLectures {
  return {
    openForIngest: async (courseId) => ingestLecture(registry, await registry.openForIngest(courseId)),
  };
}

function ingestLecture(registry: LectureRegistry, lecture: LiveLecture): IngestLecture {
  return {
    lectureId: lecture.id,
    openRtpIngress: (options) => lecture.requireRoom().openRtpIngress(options),
    reportHealth: (health) => lecture.reportIngestHealth(health),
    on: (listener) =>
      lecture.onNotification(({ type }) => {
        if (type === 'media.reset' || type === 'lecture.ended') listener({ type });
      }),
    attach: async ({ protocol, tracks }) => {
      const { createdBy } = await registry.get(LectureId.parse(lecture.id));
      for (const { id } of lecture.roster.ofKind('ingest')) lecture.leave(id, 'replaced');
      const encoder = lecture.enter({ userId: createdBy, displayName: displayNames[protocol], kind: 'ingest', role: 'owner' });
      return attachment(lecture, encoder.id, publishAll(lecture, encoder.id, tracks));
    },
  };
}

function publishAll(lecture: LiveLecture, encoderId: ParticipantId, tracks: IngestTrack[]): Map<TrackKind, PublicationId> {
  return new Map(tracks.map(({ kind, track }) => [kind, lecture.publish(encoderId, { source: 'program', kind, track, isPaused: false }).id]));
}

function attachment(lecture: LiveLecture, encoderId: ParticipantId, publications: Map<TrackKind, PublicationId>): IngestAttachment {
  return {
    replaceMedia: async (tracks) => {
      for (const { kind, track } of tracks) {
        const publicationId = publications.get(kind);
        if (publicationId) lecture.replaceTrack(publicationId, track);
      }
    },
    setSilent: (isSilent) => lecture.setSilent(encoderId, isSilent),
    detach: (reason) => lecture.leave(encoderId, leaveReasons[reason]),
  };
}
