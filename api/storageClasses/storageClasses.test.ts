import { describe, expect, it } from 'vitest';
import { CodedError, VideoId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import { ClassUsage, StorageUsage } from '#recorder';
import { refusal, startTestApi } from '../testing/index.ts';
import { monthlyCost } from './monthlyCost.ts';

const day = 24 * 3600_000;

async function course() {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  const record = async (title: string) => {
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title } });
    const { _id: videoId } = await site.recordVideo({ lectureId, courseId, title });
    await ada.api.endLecture({ params: { lectureId } });
    return VideoId.parse(videoId);
  };
  const sam = await site.signup('sam');
  await sam.api.enrol({ params: { courseId }, body: {} });
  const setRules = async (settings: Parameters<typeof ada.api.setStorageClasses>[0]['body']['settings']) => ada.api.setStorageClasses({ body: { version: (await ada.api.getStorageClasses()).version, settings } });
  /** Logins end long before the rules apply. */
  const signIn = async (name: string) => site.browser().take(await site.browser().api.login({ body: { email: `${name}@example.org`, password: `${name}-password` } }));
  return { ...site, signIn, ada, sam, courseId, record, setRules };
}

describe('The rules of storage classes', () => {
  it('are off at first, and changed by administrators only, with what was before in the audit log', async () => {
    const { ada, sam, setRules } = await course();
    expect(await ada.api.getStorageClasses()).toMatchObject({ settings: { infrequentAfterDays: null, archiveAfterDays: null, storageCurrency: 'EUR', standardPrice: null }, restoreHours: 0 });
    for (const attempt of [() => sam.api.getStorageClasses(), () => sam.api.setStorageClasses({ body: { version: 0, settings: {} } }), () => sam.api.getStorageReport()]) expect(await refusal(attempt())).toMatchObject({ code: 'access.denied' });
    const { settings, version } = await setRules({ infrequentAfterDays: 30, archiveAfterDays: 180, storageCurrency: 'usd', standardPrice: 0.023 });
    expect(settings).toEqual({ infrequentAfterDays: 30, archiveAfterDays: 180, storageCurrency: 'USD', standardPrice: 0.023, infrequentPrice: null, archivePrice: null });
    expect(await refusal(ada.api.setStorageClasses({ body: { version: version - 1, settings: { archiveAfterDays: 90 } } }))).toMatchObject({ code: 'settings.stale' });
    for (const wrong of [{ archiveAfterDays: 0 }, { standardPrice: -1 }, { storageCurrency: 'euros' }]) expect(await refusal(setRules(wrong))).toMatchObject({ code: 'request.invalid' });
    expect((await ada.api.listAudit()).entries).toMatchObject([{ action: 'settings.changed', changes: { infrequentAfterDaysBefore: null, infrequentAfterDays: 30 } }]);
  });

  it('are refused when the object store does not have the class, on either page, and nothing is left in it', async () => {
    const { ada, setRules, store } = await course();
    store.setClass = () => Promise.reject(new CodedError('storageClass.unsupported', 'one class only'));
    expect(await refusal(setRules({ infrequentAfterDays: 30 }))).toMatchObject({ code: 'request.invalid', errors: [{ path: 'infrequentAfterDays' }] });
    expect(await refusal(ada.api.updateSettings({ body: { version: 0, settings: { archiveAfterDays: 30 } } }))).toMatchObject({ code: 'request.invalid', errors: [{ path: 'archiveAfterDays' }] });
    expect([(await ada.api.getStorageClasses()).version, (await store.list('probe/')).objects]).toEqual([0, []]);
  });
});

describe('A video that nobody has watched for long', () => {
  it('goes to the archive, is refused there, and comes back when a student asks, with a mail', async () => {
    const { record, setRules, signIn, clock, runJobs, mailbox, store, videos, sam: student } = await course();
    await runJobs();
    await student.api.verifyEmail({ body: { token: mailbox.tokenFor('sam@example.org') } });
    const videoId = await record('Waves');
    await setRules({ archiveAfterDays: 180 });
    await store.put(`recordings/${(await videos.get(videoId)).recordingId}/main-video/000000.m4s`, { bytes: new Uint8Array([1]) }, { contentType: 'video/mp4', sha256: '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a' });
    clock.advance(200 * day);
    expect(await (await signIn('sam')).api.getPlayback({ params: { videoId } })).toMatchObject({ isLive: false });
    expect(await runJobs()).toEqual([]);
    expect((await videos.get(videoId)).storageClass).toBe('standard');
    clock.advance(181 * day);
    expect(await runJobs()).toEqual([]);
    expect((await videos.get(videoId)).storageClass).toBe('archive');
    const [sam, ada] = [await signIn('sam'), await signIn('ada')];
    expect(await refusal(sam.api.getPlayback({ params: { videoId } }))).toMatchObject({ code: 'video.archived', status: 409, details: { requestedAt: null, restoreHours: 0 } });
    expect(await sam.api.unarchiveVideo({ params: { videoId } })).toEqual({ storageClass: 'archive', requestedAt: toInstant(clock.nowMs()), restoreHours: 0, readyBy: toInstant(clock.nowMs()) });
    await ada.api.unarchiveVideo({ params: { videoId } });
    expect(await runJobs()).toEqual([]);
    expect(await sam.api.getPlayback({ params: { videoId } })).toMatchObject({ isLive: false });
    expect(await sam.api.unarchiveVideo({ params: { videoId } })).toMatchObject({ storageClass: 'standard', requestedAt: null, readyBy: null });
    expect(await runJobs()).toEqual([]);
    expect((await videos.get(videoId)).lastWatchedAt).toBe(toInstant(clock.nowMs()));
    expect(mailbox.to('sam@example.org')).toMatchObject({ subject: 'The video is back from the archive', text: expect.stringContaining(`/watch/${videoId}`) });
  });
});

describe('The storage report', () => {
  it('has bytes and cost by class and course, and the days', async () => {
    const { ada, record, database, clock, signIn } = await course();
    await record('Waves');
    const measure = async () => {
      const [now, signal] = [toInstant(clock.nowMs()), new AbortController().signal];
      const usage = new StorageUsage(database);
      await usage.measure({ now, signal });
      await new ClassUsage(database, usage).measure({ now, signal });
    };
    expect(await ada.api.getStorageReport()).toMatchObject({ courses: [], total: { bytes: 0, videos: 0, monthlyCost: null }, days: [], measuredAt: null });
    await measure();
    clock.advance(day);
    await measure();
    const admin = await signIn('ada');
    await admin.api.setStorageClasses({ body: { version: 0, settings: { standardPrice: 2 ** 19 } } });
    const report = await admin.api.getStorageReport();
    expect(report).toMatchObject({ currency: 'EUR', courses: [{ course: { title: 'Physics' }, bytes: 2, videos: 1, standard: 2, archive: 0, monthlyCost: 2 ** -10 }], total: { bytes: 2, monthlyCost: 2 ** -10 }, measuredAt: toInstant(clock.nowMs()) });
    expect(report.days.map(({ day: each, standard }) => [each, standard])).toEqual([[toInstant(clock.nowMs() - day).slice(0, 10), 2], [toInstant(clock.nowMs()).slice(0, 10), 2]]);
    expect((await admin.api.getStorageReport({ query: { days: 1 } })).days.length).toBe(2);
    clock.advance(5 * day);
    expect((await (await signIn('ada')).api.getStorageReport({ query: { days: 1 } })).days).toEqual([]);
  });

  it('has no cost while a class that is used has no price', () => {
    const gibibyte = 2 ** 30;
    const amounts = { standard: gibibyte, infrequent: 0, archive: 2 * gibibyte };
    const none = { standardPrice: null, infrequentPrice: null, archivePrice: null };
    expect(monthlyCost(amounts, none)).toBeNull();
    expect(monthlyCost(amounts, { ...none, standardPrice: 0.02 })).toBeNull();
    expect(monthlyCost(amounts, { standardPrice: 0.02, infrequentPrice: null, archivePrice: 0.004 })).toBeCloseTo(0.028);
    expect(monthlyCost({ standard: 0, infrequent: 0, archive: 0 }, { ...none, standardPrice: 1 })).toBe(0);
  });
});
