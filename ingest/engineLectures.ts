import { isOnAir } from '#engine';
import { LectureId } from '#engine/contract';
import type { ParticipantId, PublicationId, TrackKind } from '#engine/contract';
import type { LeaveReason, LectureOwners, LectureRegistry, LiveLecture } from '#engine';
import type { DetachReason, IngestAttachment, IngestLecture, IngestLectures, IngestSources, IngestTracks } from './IngestLectures.ts';

const leaveReasons: Record<DetachReason, LeaveReason> = {
  disconnected: 'disconnected',
  refused: 'disconnected',
  replaced: 'replaced',
  stopping: 'stopping',
};

/**
 * The lectures of the engine. A session attaches to its lecture as an encoder of the course. `owners`: for a site of several
 * nodes.
 */
export function engineLectures(registry: LectureRegistry, owners?: Pick<LectureOwners, 'rtmpAddressOf'>): IngestLectures {
  return {
    openForIngest: async (courseId) => ingestLecture(await registry.openForIngest(courseId)),
    ownerAddress: async (courseId) => {
      const onAir = (await registry.ofCourse(courseId)).find(({ state }) => isOnAir(state));
      return onAir && owners?.rtmpAddressOf(LectureId.parse(onAir._id));
    },
    findLive: (courseId) => {
      const lecture = registry.allLive().find(({ view }) => view.courseId === courseId && isOnAir(view.state));
      return lecture && { reportHealth: (health) => lecture.reports.setHealth(health) };
    },
  };
}

function ingestLecture(lecture: LiveLecture): IngestLecture {
  return {
    lectureId: lecture.id,
    openRtpIngress: async (options) => lecture.requireRoom().openRtpIngress(options),
    reportHealth: (health) => lecture.reports.setHealth(health),
    on: (listener) =>
      lecture.onNotification(({ type }) => {
        if (type === 'media.reset' || type === 'lecture.ended' || type === 'lecture.moved') listener({ type });
      }),
    attach: async ({ displayName, sources, tracks }) => {
      const encoderId = lecture.attachEncoder(displayName);
      return attachment(lecture, encoderId, publishAll(lecture, encoderId, { sources, tracks }));
    },
  };
}

type PublicationIds = Record<TrackKind, PublicationId>;

function publishAll(lecture: LiveLecture, encoderId: ParticipantId, { sources, tracks }: { sources: IngestSources; tracks: IngestTracks | undefined }): PublicationIds {
  const publish = (kind: TrackKind) => lecture.publish(encoderId, { source: 'program', kind, frameSource: sources[kind], track: tracks?.[kind], isPaused: false }).id;
  return { video: publish('video'), audio: publish('audio') };
}

function attachment(lecture: LiveLecture, encoderId: ParticipantId, publications: PublicationIds): IngestAttachment {
  return {
    attachTracks: async (tracks) => {
      await Promise.all([lecture.attachTrack(publications.video, tracks.video), lecture.attachTrack(publications.audio, tracks.audio)]);
    },
    setSilent: (isSilent) => lecture.setSilent(encoderId, isSilent),
    detach: (reason) => lecture.detachEncoder(encoderId, leaveReasons[reason]),
  };
}
