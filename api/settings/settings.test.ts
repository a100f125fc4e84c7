import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock, openTestDatabase, silentLogger as logger, until } from '#engine/testing';
import { InProcessBus, toInstant } from '#engine/kernel';
import { cleanUp } from '../operation/cleanUp.ts';
import { auditRow, AuditStore } from '../audit/AuditStore.ts';
import { SiteSettings, SiteSettingsChange } from '../contract/index.ts';
import type { SiteSettingsChange as Change } from '../contract/index.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import { openSiteSettings } from './siteSettings.ts';

async function site(settings?: Record<string, string>) {
  const started = await startTestApi(settings ? { settings } : {});
  const ada = await started.firstAccount();
  const set = async (change: Change) => ada.api.updateSettings({ body: { version: (await ada.api.getSettings()).version, settings: change } });
  return { ...started, ada, set };
}

describe('The settings of the site', () => {
  it('are valid by default, each with a description and its bounds', () => {
    expect(SiteSettings.parse({})).toMatchObject({ siteName: 'Lectern', signup: 'open', bannerText: '', isInMaintenance: false });
    expect(SiteSettingsChange.parse({})).toEqual({});
    for (const wrong of [{ siteName: '' }, { rateLimitPercent: 5 }, { auditDays: 0 }, { signupDomains: ['not a domain'] }, { supportAddress: 'javascript:alert(1)' }, { unknown: 1 }]) {
      expect(SiteSettingsChange.safeParse(wrong).success).toBe(false);
    }
  });

  it('are changed by administrators only, each change from the version that they have seen', async () => {
    const { ada, set, signup } = await site();
    const sam = await signup('Sam');
    for (const outcome of [sam.api.getSettings(), sam.api.updateSettings({ body: { version: 0, settings: { siteName: 'Mine' } } })]) expect(await refusal(outcome)).toMatchObject({ code: 'access.denied' });
    expect(await set({ siteName: 'Physics' })).toMatchObject({ version: 1, settings: { siteName: 'Physics', signup: 'open' } });
    const late = await refusal(ada.api.updateSettings({ body: { version: 0, settings: { siteName: 'Maths' } } }));
    expect(late).toMatchObject({ code: 'settings.stale', status: 412, details: { version: 1, changed: ['siteName'] } });
    expect((await ada.api.listAudit()).entries).toMatchObject([{ action: 'settings.changed', target: { kind: 'site' }, changes: { siteNameBefore: 'Lectern', siteName: 'Physics' } }]);
  });

  it('refuse values out of their bounds or that do not fit together, and change nothing', async () => {
    const { ada, set } = await site();
    for (const wrong of [{ rateLimitPercent: 1 }, { siteName: { $ne: null } as never }, { signup: 'domains' as const }]) expect(await refusal(set(wrong))).toMatchObject({ code: 'request.invalid' });
    expect((await ada.api.getSettings()).version).toBe(0);
  });

  it('take the defaults of sign-up from the environment', async () => {
    const { browser, set } = await site({ LECTERN_SIGNUP: 'closed' });
    expect(await browser().api.getSiteNotice()).toMatchObject({ signup: 'closed' });
    await set({ signup: 'open' });
    expect(await browser().api.getSiteNotice()).toMatchObject({ signup: 'open' });
  });

  it('open sign-up to nobody, or to the addresses of some domains, with a role', async () => {
    const { set, signup, browser } = await site();
    await set({ signup: 'closed' });
    expect(await refusal(signup('kim'))).toMatchObject({ code: 'access.denied' });
    await set({ signup: 'domains', signupDomains: ['Uni.example'], signupRole: 'instructor' });
    const tryAs = (email: string) => browser().api.signup({ body: { email, displayName: 'Kim', password: 'kims-password' } });
    for (const email of ['kim@example.org', 'kim@evil-uni.example', 'kim@uni.example.org', 'kim@sub.uni.example']) expect(await refusal(tryAs(email))).toMatchObject({ code: 'access.denied', errors: [{ path: 'email' }] });
    expect((await tryAs('kim@uni.example')).account.roles).toEqual(['instructor']);
  });

  it('limit the courses of an instructor, but not those of an administrator', async () => {
    const { set, signup, ada } = await site();
    await set({ maxCoursesPerInstructor: 1, signupRole: 'instructor' });
    const ina = await signup('Ina');
    const create = (who: typeof ina) => who.api.createCourse({ body: { title: 'Physics' } });
    await create(ina);
    expect(await refusal(create(ina))).toMatchObject({ code: 'course.limitReached', status: 409 });
    await create(ada);
    await create(ada);
    await set({ maxCoursesPerInstructor: null });
    await create(ina);
  });

  it('scale the limits of requests', async () => {
    const { set, signup, ada } = await site();
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'code' } });
    const tries = async (name: string) => {
      const who = await signup(name);
      for (let count = 0; ; count += 1) {
        const { code } = (await refusal(who.api.enrol({ params: { courseId }, body: { code: 'wrong' } }))) as { code: string };
        if (code === 'request.tooFrequent') return count;
      }
    };
    expect(await tries('one')).toBe(20);
    await set({ rateLimitPercent: 50 });
    expect(await tries('two')).toBe(10);
  });

  it('show a banner on all pages until its time', async () => {
    const { set, browser, clock } = await site();
    const banner = async () => (await browser().api.getSiteNotice()).banner;
    expect(await banner()).toBeNull();
    const until = toInstant(clock.nowMs() + 60_000);
    await set({ bannerText: 'Exams next week', bannerKind: 'warning', bannerUntil: until });
    expect(await banner()).toEqual({ text: 'Exams next week', kind: 'warning', until });
    clock.advance(60_000);
    expect(await banner()).toBeNull();
  });

  it('say for how long entries of the audit log are kept', async () => {
    const { clock, jobs, logins, settings, database } = await site();
    const audit = new AuditStore(database);
    const record = { actorId: 'usr_1', action: 'course.changed', target: { kind: 'course', id: 'crs_1' }, courseId: null, requestId: 'r', addressGroup: '', changes: {} } as const;
    const ages = [0, 23, 25];
    for (const hours of ages) await audit.put(auditRow({ ...record, changes: { hours } }, toInstant(clock.nowMs() - hours * 3600_000)));
    const handler = cleanUp({ jobs, logins, settings, clock, audit, courses: { request: () => Promise.resolve() } });
    const kept = async () => {
      await handler.run({ jobId: 'x', key: 'site', data: null, attempt: 1, fence: 1, signal: new AbortController().signal, progress: () => undefined });
      return (await audit.search({ limit: 10 })).rows.map(({ changes }) => changes.hours);
    };
    expect(await kept()).toEqual([0, 23, 25]);
    await settings.change(0, { auditDays: 1 });
    expect(await kept()).toEqual([0, 23]);
  });
});

describe('During a maintenance', () => {
  it('only administrators sign in, no lecture starts, live ones continue, and the health stays', async () => {
    const { set, signup, ada, browser, url, plane, registry } = await site();
    const sam = await signup('Sam');
    const { id: physics } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
    const { id: maths } = await ada.api.createCourse({ body: { title: 'Maths' } });
    const live = await ada.api.startLecture({ body: { courseId: physics, title: 'Optics' } });
    await sam.api.enrol({ params: { courseId: physics }, body: {} });
    await set({ isInMaintenance: true, maintenanceNote: 'Until noon' });
    expect(await browser().api.getSiteNotice()).toMatchObject({ maintenance: { note: 'Until noon' } });
    const refused = [
      () => browser().api.login({ body: { email: 'sam@example.org', password: 'Sam-password' } }),
      () => signup('Kim'),
      () => ada.api.startLecture({ body: { courseId: maths, title: 'Sets' } }),
    ];
    for (const attempt of refused) expect(await refusal(attempt())).toMatchObject({ code: 'site.maintenance', status: 503, retryAfterSeconds: 60 });
    expect((await ada.api.listLectures({ params: { courseId: maths } })).lectures).toEqual([]);
    await browser().api.login({ body: { email: 'ada@example.org', password: 'ada-password' } });
    // Who is signed in stays so, and joins what is live.
    expect(await sam.api.joinLecture({ body: { lectureId: live.id } })).toMatchObject({ lecture: { state: 'live' } });
    expect(registry.live(live.id)?.view.state).toBe('live');
    expect([(await fetch(`${url}/health/ready`)).status, plane.isAvailable]).toEqual([200, true]);
    await set({ isInMaintenance: false });
    await browser().api.login({ body: { email: 'sam@example.org', password: 'Sam-password' } });
    await ada.api.startLecture({ body: { courseId: maths, title: 'Sets' } });
  });

  it('an encoder starts no lecture either', async () => {
    const { set, ada, registry } = await site();
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
    await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Optics' } });
    await set({ isInMaintenance: true });
    await expect(registry.openForIngest(courseId)).rejects.toMatchObject({ code: 'site.maintenance' });
  });
});

it('A setting that one process changes is in force in another one of the site', async () => {
  const clock = new ManualClock();
  const shared = { database: await openTestDatabase(), bus: new InProcessBus({ clock, logger }), clock, logger, config: { LECTERN_SIGNUP: 'open', LECTERN_SIGNUP_ROLE: 'student' } as const };
  const [api, live] = [await openSiteSettings(shared), await openSiteSettings(shared)];
  onTestFinished(() => [api, live].forEach((settings) => settings.close()));
  await api.change(0, { isInMaintenance: true });
  await until('the change in the other process', () => live.current.isInMaintenance);
});
