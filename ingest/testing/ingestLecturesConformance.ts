import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CourseId, IngestHealth, TrackKind } from '#engine/contract';
import type { FrameSource, MediaCloseReason, RtpIngress } from '#engine';
import { FakeTrack, until } from '#engine/testing';
import type { IngestAttachment, IngestLecture, IngestLectures, IngestTracks } from '../IngestLectures.ts';

export interface OpenedIngestLectures {
  lectures: IngestLectures;
  /** A course with a live lecture. */
  courseId: CourseId;
  /** A course without a lecture that is live or due. */
  emptyCourseId: CourseId;
  /** The worker of the lecture's room dies, and there is no room until `returnRoom`. */
  loseRoom: () => void;
  returnRoom: () => void;
  endLecture: () => Promise<void>;
  /** What is published by ingest, and whether a track carries it. */
  published: () => { kind: TrackKind; hasTrack: boolean }[];
  /** Something is published, and nothing arrives. */
  isSilent: () => boolean;
  health: () => IngestHealth | null | undefined;
  cleanup: () => Promise<void>;
}

const health: IngestHealth = {
  protocol: 'rtmp',
  state: 'running',
  problem: null,
  widthPx: 1280,
  heightPx: 720,
  frameRate: 30,
  videoBitrateBps: 2_500_000,
  audioBitrateBps: 160_000,
  audioSampleRateHz: 48_000,
  keyframeIntervalSeconds: 1,
  hasBFrames: false, droppedFrames: 0,
  isReencoded: false,
  advice: [],
};
const withTracks = [{ kind: 'audio', hasTrack: true }, { kind: 'video', hasTrack: true }];
const withoutTracks = withTracks.map(({ kind }) => ({ kind, hasTrack: false }));

/** What every implementation of the IngestLectures port does alike. Each test gets a live lecture of its own. */
export function describeIngestLecturesConformance(name: string, open: () => Promise<OpenedIngestLectures>): void {
  describe(`${name} as IngestLectures`, () => {
    let opened: OpenedIngestLectures;
    let lecture: IngestLecture;
    const ingresses: RtpIngress[] = [];

    beforeEach(async () => {
      opened = await open();
      lecture = await opened.lectures.openForIngest(opened.courseId);
    });
    afterEach(async () => {
      for (const ingress of ingresses.splice(0)) ingress.close('stopping');
      await opened.cleanup();
    });

    async function openIngress(kind: TrackKind): Promise<RtpIngress> {
      const ingress = await lecture.openRtpIngress({ kind, ssrc: 1111, payloadType: kind === 'video' ? 102 : 111 });
      ingresses.push(ingress);
      return ingress;
    }
    const openTracks = async (): Promise<IngestTracks> => ({ video: (await openIngress('video')).track, audio: (await openIngress('audio')).track });
    const attach = (tracks?: IngestTracks): Promise<IngestAttachment> => {
      const source = (kind: TrackKind): FrameSource => new FakeTrack(kind);
      return lecture.attach({ displayName: 'Encoder', sources: { video: source('video'), audio: source('audio') }, tracks });
    };
    const published = () => opened.published().sort((a, b) => a.kind.localeCompare(b.kind));
    const closesOf = ({ video, audio }: IngestTracks) => {
      const reasons: MediaCloseReason[] = [];
      for (const track of [video, audio]) track.onClosed((reason) => reasons.push(reason));
      return reasons;
    };
    const eventsOf = () => {
      const events: string[] = [];
      lecture.on(({ type }) => events.push(type));
      return events;
    };

    describe('a course', () => {
      it('leads to its live lecture without starting one', async () => {
        opened.lectures.findLive(opened.courseId)?.reportHealth({ ...health, state: 'refused' });
        expect(opened.health()).toEqual({ ...health, state: 'refused' });
        expect(opened.lectures.findLive(opened.emptyCourseId)).toBeUndefined();
        await opened.endLecture();
        expect(opened.lectures.findLive(opened.courseId)).toBeUndefined();
      });

      it('leads to its live lecture each time', async () => {
        expect((await opened.lectures.openForIngest(opened.courseId)).lectureId).toBe(lecture.lectureId);
      });

      it('without a lecture is refused with a sentence', async () => {
        await expect(opened.lectures.openForIngest(opened.emptyCourseId)).rejects.toMatchObject({ code: 'lecture.notFound', message: expect.stringContaining('lecture') as string });
      });
    });

    describe('an RTP ingress', () => {
      it('has ports and a track of its own', async () => {
        const [video, audio] = [await openIngress('video'), await openIngress('audio')];
        expect([video.track.kind, audio.track.kind]).toEqual(['video', 'audio']);
        expect(new Set([video.rtpPort, video.rtcpPort, audio.rtpPort, audio.rtcpPort]).size).toBe(4);
      });

      it('closes with its track', async () => {
        const tracks = await openTracks();
        const reasons = closesOf(tracks);
        for (const ingress of ingresses) ingress.close('unpublished');
        expect(reasons).toEqual(['unpublished', 'unpublished']);
      });
    });

    describe('an attachment', () => {
      it('publishes both sources with their tracks', async () => {
        await attach(await openTracks());
        expect(published()).toEqual(withTracks);
      });

      it('publishes sources without tracks, which can be attached later', async () => {
        const attachment = await attach();
        expect(published()).toEqual(withoutTracks);
        await attachment.attachTracks(await openTracks());
        expect(published()).toEqual(withTracks);
      });

      it('keeps its sources published when their tracks close', async () => {
        await attach(await openTracks());
        for (const ingress of ingresses) ingress.close('unpublished');
        expect(published()).toEqual(withoutTracks);
      });

      it('replaces the one before, whose tracks close', async () => {
        const before = await openTracks();
        const reasons = closesOf(before);
        const first = await attach(before);
        await attach(await openTracks());
        expect(reasons).toEqual(['replaced', 'replaced']);
        first.detach('disconnected');
        expect(published()).toEqual(withTracks);
        await expect(first.attachTracks(await openTracks())).rejects.toMatchObject({ code: 'publication.notFound' });
      });

      it('withdraws its publications and closes their tracks when it is detached', async () => {
        const tracks = await openTracks();
        const reasons = closesOf(tracks);
        const attachment = await attach(tracks);
        attachment.detach('disconnected');
        attachment.detach('stopping');
        expect(published()).toEqual([]);
        expect(reasons).toEqual(['participantLeft', 'participantLeft']);
        await expect(attachment.attachTracks(await openTracks())).rejects.toMatchObject({ code: 'publication.notFound' });
      });

      it('can be silent, which ends with it', async () => {
        const attachment = await attach();
        attachment.setSilent(true);
        attachment.setSilent(true);
        expect(opened.isSilent()).toBe(true);
        attachment.setSilent(false);
        expect(opened.isSilent()).toBe(false);
        attachment.setSilent(true);
        attachment.detach('disconnected');
        attachment.setSilent(true);
        await attach();
        expect(opened.isSilent()).toBe(false);
      });
    });

    describe('a room whose worker dies', () => {
      it('closes the tracks, keeps the sources published, and opens ingresses again after media.reset', async () => {
        const tracks = await openTracks();
        const [reasons, events] = [closesOf(tracks), eventsOf()];
        const attachment = await attach(tracks);
        opened.loseRoom();
        expect(reasons).toEqual(['workerDied', 'workerDied']);
        expect(published()).toEqual(withoutTracks);
        await expect(openIngress('video')).rejects.toMatchObject({ code: 'media.unavailable' });
        expect(events).toEqual([]);
        opened.returnRoom();
        await until('the reset', () => events.length > 0);
        expect(events).toEqual(['media.reset']);
        await attachment.attachTracks(await openTracks());
        expect(published()).toEqual(withTracks);
      });
    });

    describe('the end of the lecture', () => {
      it('is notified once, and closes everything', async () => {
        const tracks = await openTracks();
        const [reasons, events] = [closesOf(tracks), eventsOf()];
        await attach(tracks);
        await opened.endLecture();
        expect(events).toEqual(['lecture.ended']);
        expect(reasons).toEqual(['lectureEnded', 'lectureEnded']);
        expect(published()).toEqual([]);
        await expect(attach()).rejects.toMatchObject({ code: 'lecture.ended' });
        await expect(openIngress('audio')).rejects.toMatchObject({ code: 'media.unavailable' });
        await expect(opened.lectures.openForIngest(opened.courseId)).rejects.toMatchObject({ code: 'lecture.notFound' });
      });

      it('is not notified to a listener that was removed', async () => {
        const events: string[] = [];
        lecture.on(({ type }) => events.push(type))();
        await opened.endLecture();
        expect(events).toEqual([]);
      });
    });

    it('shows the health that was reported last', () => {
      lecture.reportHealth(health);
      lecture.reportHealth({ ...health, state: 'gone' });
      expect(opened.health()).toEqual({ ...health, state: 'gone' });
    });
  });
}
