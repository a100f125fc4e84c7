import { beforeEach, describe, expect, it } from 'vitest';
import { maxCaptionBytes, maxCaptionTracks } from '#recorder/contract';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/Browser.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;
// Tests let time pass; access tokens last for ten minutes.
beforeEach(async () => ada.take(await ada.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } })));

async function newVideo() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics' } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Lenses' } });
  const { _id } = await site.recordVideo({ courseId, lectureId, title: 'Lenses' });
  const sam = await (await site.signup(`viewer${(count += 1)}`)).join(ada, courseId, 'student');
  return { courseId, params: { videoId: _id as never }, videoId: _id, sam };
}

const vtt = 'WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ada>Light <b>bends</b></v>\n\n00:50.000 --> 00:52.000\nThe end<script>alert(1)</script>\n';
const fileOf = (content: string | Buffer) => new Blob([typeof content === 'string' ? content : new Uint8Array(content)]);
const add = ({ params }: { params: { videoId: never } }, { by = ada, ...query }: { language: string; label?: string; by?: Browser }, content: string | Buffer = vtt) => by.api.addCaptions({ params, query, body: fileOf(content) });

describe('Captions', () => {
  it('in two languages are added from files, listed, and read by those who may watch', async () => {
    const video = await newVideo();
    const { captions: english, imported } = await add(video, { language: 'EN-us', label: 'English' });
    expect(english).toMatchObject({ language: 'en-US', label: 'English', revision: 1, cues: [{ startMs: 1000, endMs: 3000, text: '<v Ada>Light <b>bends</b></v>' }, { text: 'The end' }] });
    expect(imported).toEqual({ format: 'vtt', encoding: 'utf-8', skippedCount: 0, skipped: [] });
    const { captions: spanish, imported: ofSpanish } = await add(video, { language: 'es' }, Buffer.from('1\n00:00:01,000 --> 00:00:03,000\nLa luz se curva, señor\n\n2\nno\n00:00:02 --> 00:00:01\nx', 'latin1'));
    expect(spanish).toMatchObject({ label: 'Español', cues: [{ text: 'La luz se curva, señor' }] });
    expect(ofSpanish).toMatchObject({ format: 'srt', encoding: 'windows-1252', skippedCount: 1, skipped: [{ reason: 'endBeforeStart' }] });
    expect(await video.sam.api.listCaptions(video)).toEqual({ captions: [{ id: english.id, language: 'en-US', label: 'English', cueCount: 2 }, { id: spanish.id, language: 'es', label: 'Español', cueCount: 1 }] });
    const params = { ...video.params, captionId: english.id };
    expect((await video.sam.api.getCaptionCues({ params })).cues).toHaveLength(2);
    const files = await Promise.all((['vtt', 'srt'] as const).map(async (format) => (await video.sam.api.downloadCaptions({ params, query: { format } })).text()));
    expect(files[0]).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Ada>Light <b>bends</b></v>\n\n00:00:50.000 --> 00:00:52.000\nThe end\n');
    expect(files[1]).toContain('1\n00:00:01,000 --> 00:00:03,000\nAda: Light <b>bends</b>\n');
  });

  it('are shown in edited time, and edited in source time', async () => {
    const video = await newVideo();
    const { captions } = await add(video, { language: 'en' });
    const params = { ...video.params, captionId: captions.id };
    const cut = { id: 'cut_1', startMs: 2000, endMs: 40_000, cutAt: '', cutBy: null, purgedAt: null };
    await site.collection<{ _id: string; cuts: (typeof cut)[] }>('videos').updateOne({ _id: video.videoId }, { $set: { cuts: [cut] } });
    const times = ({ cues }: { cues: { startMs: number; endMs: number }[] }) => cues.map(({ startMs, endMs }) => [startMs, endMs]);
    expect(times(await video.sam.api.getCaptionCues({ params }))).toEqual([[1000, 2000], [12_000, 14_000]]);
    expect(await (await video.sam.api.downloadCaptions({ params })).text()).toContain('00:00:12.000 --> 00:00:14.000');
    expect(times(await ada.api.getCaptions({ params }))).toEqual([[1000, 3000], [50_000, 52_000]]);
  });

  it('can be begun without a file, and are sorted and cleaned when they are saved', async () => {
    const video = await newVideo();
    const { captions, imported } = await add(video, { language: 'de', label: 'Deutsch' }, '');
    expect([captions.cues, imported]).toEqual([[], null]);
    const before = await site.videos.get(video.videoId);
    const saved = await ada.api.updateCaptions({ params: { ...video.params, captionId: captions.id }, body: { cues: [{ startMs: 5000, endMs: 6000, text: 'zwei & <u>drei</u><img src=x>' }, { startMs: 1000, endMs: 9000, text: ' eins ' }] } });
    expect(saved).toMatchObject({ revision: 2, label: 'Deutsch', cues: [{ startMs: 1000, text: 'eins' }, { startMs: 5000, text: 'zwei &amp; <u>drei</u>' }] });
    const after = await site.videos.get(video.videoId);
    expect(after.captions).toEqual([{ id: captions.id, language: 'de', label: 'Deutsch', cueCount: 2, revision: 2 }]);
    expect(after.revision).toBe(before.revision + 1);
  });

  it('of a whole day are saved in one request', async () => {
    const video = await newVideo();
    const { captions } = await add(video, { language: 'en' }, '');
    const cues = Array.from({ length: 20_000 }, (_, index) => ({ startMs: index * 4000, endMs: index * 4000 + 3500, text: `This is line ${index} of a very long day, with some words in it.` }));
    expect((await ada.api.updateCaptions({ params: { ...video.params, captionId: captions.id }, body: { cues } })).cues).toHaveLength(20_000);
    expect(await refusal(ada.api.updateCaptions({ params: { ...video.params, captionId: captions.id }, body: { cues: [...cues, ...cues] } }))).toMatchObject({ code: 'request.tooLarge' });
  });

  it('that somebody else has saved meanwhile are not overwritten: 412 says what changed', async () => {
    const video = await newVideo();
    const { captions } = await add(video, { language: 'en' });
    const params = { ...video.params, captionId: captions.id };
    const [seenByAda, seenByBea] = [await ada.api.getCaptions({ params }), await ada.api.getCaptions({ params })];
    const mine = [{ startMs: 0, endMs: 1000, text: 'mine' }];
    await ada.api.updateCaptions({ params, body: { cues: mine } }, { ifUnchanged: seenByAda });
    const theirs = [{ startMs: 0, endMs: 1000, text: 'theirs' }];
    const problem = await refusal(ada.api.updateCaptions({ params, body: { cues: theirs, label: 'British' } }, { ifUnchanged: seenByBea }));
    expect(problem).toMatchObject({ status: 412, code: 'version.changed', details: { changed: [{ field: 'cues', yours: theirs, current: mine }] } });
    expect(await ada.api.getCaptions({ params })).toMatchObject({ label: 'English', cues: mine });
  });

  it('are gone when they are deleted', async () => {
    const video = await newVideo();
    const [{ captions: english }, { captions: spanish }] = [await add(video, { language: 'en' }), await add(video, { language: 'es' })];
    const params = { ...video.params, captionId: english.id };
    await ada.api.deleteCaptions({ params });
    expect((await video.sam.api.listCaptions(video)).captions.map(({ id }) => id)).toEqual([spanish.id]);
    expect(await refusal(video.sam.api.getCaptionCues({ params }))).toMatchObject({ status: 404, code: 'captions.notFound' });
    expect(await refusal(ada.api.deleteCaptions({ params }))).toMatchObject({ code: 'captions.notFound' });
  });
});

describe('Captions are refused, and nothing changes,', () => {
  it('of a file that is none, of an unknown language, of a name that is taken, and of too large a file', async () => {
    const video = await newVideo();
    await add(video, { language: 'en' });
    expect(await refusal(add(video, { language: 'en', label: 'x' }, '<html>'))).toMatchObject({ status: 422, code: 'captions.unreadable' });
    for (const language of ['', 'english language', 'e', 'en_US', '"><script>']) expect(await refusal(add(video, { language }))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(add(video, { language: 'en-GB', label: 'ENGLISH' }))).toMatchObject({ status: 409, code: 'captions.labelTaken' });
    expect(await refusal(add(video, { language: 'en', label: 'Large' }, Buffer.alloc(maxCaptionBytes + 1, 'x')))).toMatchObject({ status: 413, code: 'request.tooLarge' });
    expect((await ada.api.listCaptions(video)).captions).toHaveLength(1);
    expect((await site.collection<{ _id: string; videoId: string }>('captions').find({ videoId: video.videoId }))).toHaveLength(1);
  });

  it('that are broken in one cue', async () => {
    const video = await newVideo();
    const { captions } = await add(video, { language: 'en' });
    const params = { ...video.params, captionId: captions.id };
    for (const cue of [{ startMs: 2, endMs: 2, text: 'x' }, { startMs: -1, endMs: 2, text: 'x' }, { startMs: 0.5, endMs: 2, text: 'x' }, { startMs: 0, endMs: 2, text: '<b></b>' }, { startMs: 0, endMs: 2, text: 'x'.repeat(1001) }]) {
      expect(await refusal(ada.api.updateCaptions({ params, body: { cues: [...captions.cues, cue] } }))).toMatchObject({ code: 'request.invalid' });
    }
    expect((await ada.api.getCaptions({ params })).revision).toBe(1);
  });

  it('from those who do not manage videos, and by the id of another video', async () => {
    const [video, other] = [await newVideo(), await newVideo()];
    const { captions } = await add(video, { language: 'en' });
    const params = { ...video.params, captionId: captions.id };
    const [sam, stranger] = [video.sam.api, other.sam.api];
    const attempts = [() => add(video, { language: 'es', by: video.sam }), () => sam.getCaptions({ params }), () => sam.updateCaptions({ params, body: { label: 'x' } }), () => sam.deleteCaptions({ params }), () => stranger.listCaptions(video), () => stranger.getCaptionCues({ params })];
    for (const attempt of attempts) expect(await refusal(attempt())).toMatchObject({ status: 403 });
    for (const attempt of [ada.api.getCaptions, ada.api.getCaptionCues, ada.api.deleteCaptions]) expect(await refusal(attempt({ params: { ...other.params, captionId: captions.id } }))).toMatchObject({ code: 'captions.notFound' });
  });

  it('beyond the number that a video may have, also of those that come at the same time', async () => {
    const video = await newVideo();
    const added = await Promise.allSettled(Array.from({ length: maxCaptionTracks + 4 }, (_, index) => add(video, { language: 'en', label: `Track ${index}` })));
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxCaptionTracks);
    expect((await site.videos.get(video.videoId)).captions).toHaveLength(maxCaptionTracks);
    expect(await site.collection<{ _id: string; videoId: string }>('captions').find({ videoId: video.videoId })).toHaveLength(maxCaptionTracks);
  });

  it('of a deleted video, which keeps those that it has', async () => {
    const video = await newVideo();
    const { captions } = await add(video, { language: 'en' });
    await ada.api.deleteVideo(video);
    expect(await refusal(add(video, { language: 'es' }))).toMatchObject({ code: 'video.notFound' });
    expect(await refusal(ada.api.updateCaptions({ params: { ...video.params, captionId: captions.id }, body: { label: 'x' } }))).toMatchObject({ code: 'video.notFound' });
    await ada.api.restoreVideo(video);
    expect((await ada.api.listCaptions(video)).captions).toHaveLength(1);
  });
});
