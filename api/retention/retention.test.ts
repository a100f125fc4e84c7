import { describe, expect, it } from 'vitest';
import type { VideoId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import { refusal, startTestApi } from '../testing/index.ts';

const day = 24 * 3600_000;
const followsSite = { recordings: 'site', uploads: 'site', chat: 'site' } as const;

async function course() {
  const site = await startTestApi();
  const { clock } = site;
  const ada = await site.firstAccount();
  await site.runJobs();
  await ada.api.verifyEmail({ body: { token: site.mailbox.tokenFor('ada@example.org') } });
  const sam = await site.signup('sam');
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId }, body: {} });
  const record = async (title: string) => {
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title } });
    const { _id } = await site.recordVideo({ lectureId, courseId, title });
    await ada.api.endLecture({ params: { lectureId } });
    return _id as VideoId;
  };
  /** Logins end long before a rule applies. */
  const owner = async () => site.browser().take(await site.browser().api.login({ body: { email: 'ada@example.org', password: 'ada-password' } })).api;
  const afterDays = async (days: number) => {
    clock.advance(days * day);
    expect(await site.runJobs()).toEqual([]);
  };
  const subjects = () => site.mailbox.mails.map(({ subject }) => subject).filter((subject) => subject.startsWith('Videos'));
  return { ...site, ada, sam, courseId, record, owner, afterDays, subjects };
}

describe('The retention of a course', () => {
  it('follows the site at first, and is changed by its owner only', async () => {
    const { ada, sam, courseId, record } = await course();
    await record('Waves');
    expect(await ada.api.getRetention({ params: { courseId } })).toEqual({ retention: followsSite, site: { recordingDays: null, uploadDays: null, chatDays: null }, effective: { recordingDays: null, uploadDays: null, chatDays: null }, videos: [] });
    await ada.api.updateSettings({ body: { version: 0, settings: { recordingDays: 730 } } });
    expect(await ada.api.setRetention({ params: { courseId }, body: { ...followsSite, uploads: 90, chat: 'never' } })).toMatchObject({ effective: { recordingDays: 730, uploadDays: 90, chatDays: null } });
    for (const attempt of [() => sam.api.getRetention({ params: { courseId } }), () => sam.api.setRetention({ params: { courseId }, body: followsSite })]) expect(await refusal(attempt())).toMatchObject({ code: 'access.denied' });
    for (const wrong of [{ ...followsSite, chat: 0 }, { ...followsSite, chat: 'soon' }, { recordings: 'site' }]) expect(await refusal(ada.api.setRetention({ params: { courseId }, body: wrong as never }))).toMatchObject({ code: 'request.invalid' });
    expect((await ada.api.listAudit({ query: { action: 'course.changed' } })).entries).toMatchObject([{ changes: { retentionOfUploads: 90 } }]);
  });

  it('tells the owner 30 and 7 days before a video is deleted, and deletes it', async () => {
    const { ada, courseId, record, owner, afterDays, subjects, videos, clock, mailbox } = await course();
    const videoId = await record('Waves');
    await ada.api.setRetention({ params: { courseId }, body: { ...followsSite, recordings: 100 } });
    const until = toInstant(clock.nowMs() + 100 * day);
    await afterDays(69);
    expect(subjects()).toEqual([]);
    await afterDays(1);
    expect([subjects(), (await videos.get(videoId)).retainUntil]).toEqual([['Videos will be deleted in a month'], until]);
    expect(mailbox.to('ada@example.org').text).toContain('April 11, 2030');
    expect((await (await owner()).getRetention({ params: { courseId } })).videos).toMatchObject([{ id: videoId, title: 'Waves', retainUntil: until, isKept: false }]);
    await afterDays(10);
    await afterDays(13);
    expect(subjects()).toEqual(['Videos will be deleted in a month', 'Videos will be deleted in a week']);
    await afterDays(6);
    expect((await videos.get(videoId)).deletedAt).toBeNull();
    await afterDays(1);
    expect([await videos.get(videoId), subjects().length]).toMatchObject([{ deletedAt: toInstant(clock.nowMs()), deletedBy: null, retainUntil: null }, 2]);
    expect((await (await owner()).getRetention({ params: { courseId } })).videos).toEqual([]);
    await (await owner()).restoreVideo({ params: { videoId } });
    await afterDays(1);
    expect([await videos.get(videoId), subjects().length]).toMatchObject([{ deletedAt: null }, 3]);
  });

  it('gives a month of notice when a rule of the site begins to apply to old videos', async () => {
    const { courseId, record, owner, afterDays, subjects, videos, settings, clock } = await course();
    const videoId = await record('Waves');
    await afterDays(1000);
    await settings.change(0, { recordingDays: 730 });
    await afterDays(1);
    const until = (await videos.get(videoId)).retainUntil;
    expect([until, subjects()]).toEqual([toInstant(clock.nowMs() + 30 * day), ['Videos will be deleted in a month']]);
    expect((await (await owner()).getRetention({ params: { courseId } })).effective.recordingDays).toBe(730);
    await afterDays(23);
    await afterDays(7);
    expect((await videos.get(videoId)).deletedAt).not.toBeNull();
  });

  it('spares videos that the owner keeps, and courses that keep everything', async () => {
    const { courseId, record, owner, afterDays, videos, settings, sam } = await course();
    const [kept, other] = [await record('Waves'), await record('Optics')];
    expect(await refusal(sam.api.keepVideo({ params: { videoId: kept }, body: { isKept: true } }))).toMatchObject({ code: 'access.denied' });
    await settings.change(0, { recordingDays: 60 });
    await afterDays(35);
    expect((await videos.get(kept)).retainUntil).not.toBeNull();
    expect(await (await owner()).keepVideo({ params: { videoId: kept }, body: { isKept: true } })).toMatchObject({ isKept: true, retainUntil: null });
    expect((await (await owner()).getRetention({ params: { courseId } })).videos.map(({ title, isKept }) => [title, isKept])).toEqual([['Optics', false], ['Waves', true]]);
    await (await owner()).setRetention({ params: { courseId }, body: { ...followsSite, recordings: 'never' } });
    expect((await videos.get(other)).retainUntil).toBeNull();
    await afterDays(200);
    expect([(await videos.get(kept)).deletedAt, (await videos.get(other)).deletedAt]).toEqual([null, null]);
    await (await owner()).setRetention({ params: { courseId }, body: followsSite });
    for (const days of [1, 24, 7]) await afterDays(days);
    expect([(await videos.get(kept)).deletedAt, (await videos.get(other)).deletedAt]).toEqual([null, expect.any(String)]);
    expect(await (await owner()).keepVideo({ params: { videoId: kept }, body: { isKept: false } })).toMatchObject({ isKept: false });
  });

  it('deletes chats of lectures that ended long ago, and nothing else of them', async () => {
    const { ada, courseId, enter, registry, afterDays, settings, owner } = await course();
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
    const { lecture, participant } = enter(lectureId, ada, 'owner');
    await lecture.chat.post(participant, 'Hello');
    await ada.api.endLecture({ params: { lectureId } });
    const chat = async () => (await (await owner()).getLectureChat({ params: { lectureId } })).messages.length;
    expect(await chat()).toBe(1);
    await settings.change(0, { chatDays: 30 });
    await afterDays(29);
    expect(await chat()).toBe(1);
    await afterDays(2);
    expect([await chat(), (await registry.get(lectureId)).title]).toEqual([0, 'Waves']);
  });
});
