import { isOnAir } from '#engine';
import { LectureId } from '#engine/contract';
import type { ParticipantId, PublicationId, TrackKind } from '#engine/contract';
import type { LeaveReason, LectureRegistry, LiveLecture } from '#engine';
import type { DetachReason, IngestAttachment, IngestLecture, IngestLectures, IngestSources, IngestTracks } from './IngestLectures.ts';

const leaveReasons: Record<DetachReason, LeaveReason> = {
  disconnected: 'disconnected',
  refused: 'disconnected',
  replaced: 'replaced',
  stopping: 'stopping',
};

/** The lectures of the engine. A session enters its lecture as a participant of kind `ingest`. */
export function engineLectures(registry: LectureRegistry): IngestLectures {
  return {
    openForIngest: async (courseId) => ingestLecture(registry, await registry.openForIngest(courseId)),
    findLive: (courseId) => {
      const lecture = registry.allLive().find(({ view }) => view.courseId === courseId && isOnAir(view.state));
      return lecture && { reportHealth: (health) => lecture.reportIngestHealth(health) };
    },
  };
}

function ingestLecture(registry: LectureRegistry, lecture: LiveLecture): IngestLecture {
  return {
    lectureId: lecture.id,
    openRtpIngress: async (options) => lecture.requireRoom().openRtpIngress(options),
    reportHealth: (health) => lecture.reportIngestHealth(health),
    on: (listener) =>
      lecture.onNotification(({ type }) => {
        if (type === 'media.reset' || type === 'lecture.ended') listener({ type });
      }),
    attach: async ({ displayName, sources, tracks }) => {
      const { createdBy } = await registry.get(LectureId.parse(lecture.id));
      for (const { id } of lecture.roster.ofKind('ingest')) lecture.leave(id, 'replaced');
      const participant = lecture.enter({ userId: createdBy, displayName, kind: 'ingest', role: 'owner' });
      return attachment(lecture, participant.id, publishAll(lecture, participant.id, { sources, tracks }));
    },
  };
}

type PublicationIds = Record<TrackKind, PublicationId>;

function publishAll(lecture: LiveLecture, participantId: ParticipantId, { sources, tracks }: { sources: IngestSources; tracks: IngestTracks | undefined }): PublicationIds {
  const publish = (kind: TrackKind) => lecture.publish(participantId, { source: 'program', kind, frameSource: sources[kind], track: tracks?.[kind], isPaused: false }).id;
  return { video: publish('video'), audio: publish('audio') };
}

function attachment(lecture: LiveLecture, participantId: ParticipantId, publications: PublicationIds): IngestAttachment {
  return {
    attachTracks: async (tracks) => {
      await Promise.all([lecture.attachTrack(publications.video, tracks.video), lecture.attachTrack(publications.audio, tracks.audio)]);
    },
    setSilent: (isSilent) => lecture.setSilent(participantId, isSilent),
    detach: (reason) => lecture.leave(participantId, leaveReasons[reason]),
  };
}
