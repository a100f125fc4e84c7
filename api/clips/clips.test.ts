import { describe, expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import { editOf, Edits, PlayableVideos } from '#recorder';
import type { ClipsBy } from '../contract/index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

/** A recording of 90 s in segments of 10 s. */
async function recorded(clipsBy: ClipsBy = 'members') {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open', clipsBy } });
  const sam = await site.signup(`clip-sam${(count += 1)}`);
  await sam.api.enrol({ params: { courseId } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  const row = await site.recordVideo({ courseId, lectureId, title: 'Waves', segmentMs: 10_000 });
  return { courseId, sam, video: at(row._id) };
}

const at = (videoId: string) => ({ params: { videoId: VideoId.parse(videoId) } });
const body = (startMs: number, endMs: number, title = 'The slit') => ({ startMs, endMs, title });

/** What delivery leaves of a playlist of the recording, with the token of this video. */
async function servedOf(videoId: string, playlist: string): Promise<string[]> {
  const edits = new Edits({ videos: new PlayableVideos(site.videos), store: site.store, clock: site.clock });
  const text = (await edits.of(videoId))?.playlist(playlist) ?? playlist;
  return text.split('\n').filter((line) => line !== '' && (!line.startsWith('#') || line === '#EXT-X-ENDLIST'));
}

const playlistOf = (segments: number) => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n${Array.from({ length: segments }, (_, index) => `#EXTINF:10.00000,\n${index}.m4s\n`).join('')}`;

describe('clips', () => {
  it('are videos of their own that play a part of another, widened to whole segments, for the whole course', async () => {
    const { sam, video, courseId } = await recorded();
    const clip = await sam.api.createClip({ ...video, body: body(32_000, 47_000) });
    expect(clip).toMatchObject({ source: 'clip', title: 'The slit', durationSeconds: 20, lectureId: null, posterUrl: null, clipOf: { videoId: video.params.videoId, startSeconds: 30, endSeconds: 50 } });
    const other = await site.signup(`clip-lena${(count += 1)}`);
    expect(await refusal(other.api.getPlayback(at(clip.id)))).toMatchObject({ code: 'access.denied' });
    await other.api.enrol({ params: { courseId } });
    expect(await other.api.getPlayback(at(clip.id))).toMatchObject({ isLive: false, video: { durationSeconds: 20 }, kept: [{ startSeconds: 30, endSeconds: 50 }], tracks: [{ durationSeconds: 20, kept: [{ startSeconds: 30, endSeconds: 50 }] }] });
    expect((await other.api.listClips(video)).clips.map(({ id }) => id)).toEqual([clip.id]);
    expect((await ada.api.listLibrary({ query: { courseId, source: 'clip' } })).videos.map(({ id }) => id)).toEqual([clip.id]);
    expect((await ada.api.listVideos({ params: { courseId }, query: {} })).videos.map(({ id }) => id)).toEqual([video.params.videoId]);
  });

  it('are served nothing outside of their part, and end when it is recorded although the lecture is live', async () => {
    const { sam, video } = await recorded();
    const clip = await sam.api.createClip({ ...video, body: body(30_000, 50_000) });
    expect(await servedOf(clip.id, playlistOf(9))).toEqual(['3.m4s', '4.m4s', '#EXT-X-ENDLIST']);
    expect(await servedOf(clip.id, playlistOf(4))).toEqual(['3.m4s']);
    const edit = await new Edits({ videos: new PlayableVideos(site.videos), store: site.store, clock: site.clock }).of(clip.id);
    const restrict = (path: string) => edit?.restrict({ kind: 'stored', key: path, bytes: 1, sha256: '00' }, { path, playlist: { text: playlistOf(9), isFinished: true } });
    expect(restrict('4.m4s')).toMatchObject({ key: '4.m4s' });
    for (const outside of ['2.m4s', '5.m4s']) expect(() => restrict(outside)).toThrow(expect.objectContaining({ code: 'video.edited' }));
  });

  it('of a video nobody knows are served nothing at all', async () => {
    const edits = new Edits({ videos: new PlayableVideos(site.videos), store: site.store, clock: site.clock });
    await expect(edits.of('vid_00000000000000000000')).rejects.toMatchObject({ code: 'object.notFound' });
  });

  it('lose what is cut of their original, and say so when that is all of them', async () => {
    const { sam, video } = await recorded();
    const clip = await sam.api.createClip({ ...video, body: body(30_000, 60_000) });
    await ada.api.setEdits({ ...video, body: { cuts: [{ startMs: 40_000, endMs: 50_000 }] } });
    expect(await sam.api.getPlayback(at(clip.id))).toMatchObject({ video: { durationSeconds: 20 }, kept: [{ startSeconds: 30, endSeconds: 40 }, { startSeconds: 50, endSeconds: 60 }] });
    expect(await servedOf(clip.id, playlistOf(9))).toEqual(['3.m4s', '5.m4s', '#EXT-X-ENDLIST']);
    // Seconds 25 to 45 that viewers see are 25 to 55 of the recording.
    expect(await sam.api.createClip({ ...video, body: body(30_000, 45_000) })).toMatchObject({ clipOf: { startSeconds: 30, endSeconds: 60 }, durationSeconds: 20 });
    await ada.api.setEdits({ ...video, body: { cuts: [{ startMs: 30_000, endMs: 60_000 }] } });
    expect(await refusal(sam.api.getPlayback(at(clip.id)))).toMatchObject({ status: 410, code: 'clip.cut' });
    await ada.api.setEdits({ ...video, body: { cuts: [] } });
    expect(await sam.api.getPlayback(at(clip.id))).toMatchObject({ video: { durationSeconds: 30 } });
  });

  it('of a clip are parts of the same original, and never of what is outside of the clip', async () => {
    const { sam, video } = await recorded();
    const clip = await sam.api.createClip({ ...video, body: body(30_000, 60_000) });
    const inner = await sam.api.createClip({ ...at(clip.id), body: body(10_000, 300_000) });
    expect(inner.clipOf).toEqual({ videoId: video.params.videoId, startSeconds: 40, endSeconds: 60 });
    expect((await sam.api.listClips(at(clip.id))).clips.map(({ id }) => id).toSorted()).toEqual([clip.id, inner.id].toSorted());
  });

  it('are deleted and restored with their original, and are gone for good with it', async () => {
    const { sam, video } = await recorded();
    const [clip, gone] = [await sam.api.createClip({ ...video, body: body(30_000, 60_000) }), await sam.api.createClip({ ...video, body: body(0, 10_000) })];
    await ada.api.deleteVideo(at(gone.id));
    site.clock.advance(1000);
    await ada.api.deleteVideo(video);
    expect((await refusal(sam.api.getPlayback(at(clip.id)))).status).toBeGreaterThanOrEqual(403);
    expect(await refusal(ada.api.restoreVideo(at(clip.id)))).toMatchObject({ code: 'video.notFound' });
    await ada.api.restoreVideo(video);
    expect(await sam.api.getPlayback(at(clip.id))).toMatchObject({ video: { durationSeconds: 30 } });
    expect((await sam.api.listClips(video)).clips.map(({ id }) => id)).toEqual([clip.id]);
    expect((await site.videos.get(gone.id)).deletedAt).not.toBeNull();
  });

  it('are made by those whom the course allows to', async () => {
    for (const [clipsBy, bySam, byAda] of [['nobody', false, false], ['assistants', false, true], ['members', true, true]] as const) {
      const { sam, video, courseId } = await recorded(clipsBy);
      expect(await ada.api.getCourse({ params: { courseId } })).toMatchObject({ clipsBy });
      for (const [person, isAllowed] of [[sam, bySam], [ada, byAda]] as const) {
        expect((await person.api.listClips(video)).mayCreate).toBe(isAllowed);
        const making = person.api.createClip({ ...video, body: body(0, 10_000) });
        if (isAllowed) expect(await making).toMatchObject({ source: 'clip' });
        else expect(await refusal(making)).toMatchObject({ status: 403, code: 'clip.notAllowed' });
      }
    }
    expect((await ada.api.createCourse({ body: { title: 'Default' } })).clipsBy).toBe('assistants');
  });

  it('are refused outside of the video, too short or too long, and have no files to change', async () => {
    const { sam, video } = await recorded();
    const tryOf = (startMs: number, endMs: number) => refusal(sam.api.createClip({ ...video, body: body(startMs, endMs) }));
    expect(await tryOf(95_000, 120_000)).toMatchObject({ status: 422, code: 'clip.outside' });
    expect(await tryOf(10_000, 12_000)).toMatchObject({ status: 422, code: 'clip.length' });
    expect(await tryOf(20_000, 10_000)).toMatchObject({ status: 400 });
    expect((await sam.api.listClips(video)).clips).toEqual([]);
    const clip = await sam.api.createClip({ ...video, body: body(30_000, 60_000) });
    expect(await refusal(ada.api.transcodeVideo({ ...at(clip.id), body: {} }))).toMatchObject({ status: 409, code: 'clip.noFiles' });
    expect(await refusal(ada.api.setEdits({ ...at(clip.id), body: { cuts: [] } }))).toMatchObject({ code: 'clip.noFiles' });
    expect(editOf(await site.videos.get(clip.id))).toEqual({ cuts: [], within: { startMs: 30_000, endMs: 60_000 } });
  });
});

