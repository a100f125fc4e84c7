import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '#api/contract';
import { ApiError } from '#api/contract';
import type { LectureId, VideoId } from '#engine/contract';

/** A recorded lecture, and the API through which a page replays it. */
export interface ReplayApi {
  /** Of a member of the course. Its answers pass the schemas of the contract. */
  api: ApiClient;
  /** Of someone who may not watch, or from now on may not. */
  refused(): ApiClient;
  url: string;
  videoId: VideoId;
  lectureId: LectureId;
  /** Posts two messages during the lecture. */
  texts: readonly [string, string];
}

/** What the replay page relies on. */
export function replayApiConformance(name: string, open: () => Promise<ReplayApi>): void {
  describe(`the replay API, from ${name}`, () => {
    let replay: ReplayApi;
    let params: { videoId: VideoId };
    beforeEach(async () => {
      replay = await open();
      params = { videoId: replay.videoId };
    });

    it('renews the access token of the page', async () => {
      const { accessToken, account } = await replay.api.refresh();
      expect(accessToken).not.toBe('');
      expect(account.id).toMatch(/^usr_/);
    });

    it('has the tracks of a finished recording, and media addresses that hold for a while', async () => {
      const playback = await replay.api.getPlayback({ params });
      expect(playback).toMatchObject({ isLive: false, video: { id: replay.videoId, lectureId: replay.lectureId, state: 'ready' } });
      const [main] = playback.tracks;
      expect(main).toMatchObject({ source: 'camera', hasVideo: true, hasAudio: true, startOffsetSeconds: 0, durationSeconds: playback.video.durationSeconds });
      expect(main?.masterUrl).toMatch(/^\/media\/[^/]+\/main\.m3u8$/);
      expect(playback.expiresAt).not.toBe('');
    });

    it('keeps where the viewer stopped', async () => {
      expect(await replay.api.getProgress({ params })).toEqual({ positionSeconds: 0, isFinished: false, updatedAt: null });
      const saved = await replay.api.saveProgress({ params, body: { positionSeconds: 12.5, isFinished: false } });
      expect(saved).toMatchObject({ positionSeconds: 12.5, isFinished: false });
      expect(saved.updatedAt).not.toBeNull();
      expect(await replay.api.getProgress({ params })).toEqual(saved);
    });

    it('has the chat in the order of time, and nothing after its last event', async () => {
      const chat = { params: { lectureId: replay.lectureId } };
      const page = await replay.api.getLectureChat(chat);
      expect(page.messages.map(({ text }) => text)).toEqual(replay.texts);
      expect(page).toMatchObject({ deletedIds: [], hasMore: false });
      expect(page.messages[0]?.atMs).toBeLessThan(page.messages[1]?.atMs ?? 0);
      const { lastSeq } = page;
      expect(await replay.api.getLectureChat({ ...chat, query: { after: lastSeq } })).toEqual({ messages: [], deletedIds: [], lastSeq, hasMore: false });
    });

    it('refuses people who may not watch', async () => {
      const refused = replay.refused();
      const ofLecture = { params: { lectureId: replay.lectureId } };
      for (const attempt of [refused.getPlayback({ params }), refused.getProgress({ params }), refused.getLectureChat(ofLecture)]) {
        const error: unknown = await attempt.catch((problem: unknown) => problem);
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({ code: 'access.denied', status: 403 });
      }
    });

    it('answers unknown addresses with a problem document', async () => {
      const response = await fetch(`${replay.url}/api/v1/nothing`);
      expect([response.status, response.headers.get('content-type')]).toEqual([404, expect.stringMatching(/^application\/problem\+json/)]);
      expect(await response.json()).toMatchObject({ code: 'route.unknown', status: 404 });
    });
  });
}
