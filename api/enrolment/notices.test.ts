import { describe, expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { silentLogger as logger, until } from '#engine/testing';
import { AccountStore } from '../accounts/AccountStore.ts';
import { MailStore } from '../mail/index.ts';
import { startTestApi } from '../testing/index.ts';
import { createEnrolment } from './createEnrolment.ts';
import { enrolmentNotices } from './enrolmentNotices.ts';

/** A full course, and what lets people in. */
async function openSite(title: string) {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title, enrolmentPolicy: 'open' } });
  const course = { params: { courseId } };
  const accounts = new AccountStore(site.database);
  const person = async (name: string) => {
    const who = await site.signup(name);
    await accounts.update(UserId.parse(who.userId), { emailVerifiedAt: '2030-01-01T00:00:00.000Z' });
    return who;
  };
  const { pending } = createEnrolment({ database: site.database, jobs: site.jobs, clock: site.clock, logger });
  const invite = (email: string) => pending.admitOrKeep({ courseId, email, name: '', role: 'student', groupId: null, importId: 'imp_1', createdBy: ada.userId, createdAt: '2030-01-01T00:00:00.000Z' });
  const mailTo = (address: string) => until('the mail', async () => {
    await site.runJobs();
    return site.mailbox.mails.find(({ to, subject }) => to === address && !subject.startsWith('Confirm'));
  });
  return { site, ada, course, courseId, person, invite, mailTo };
}

describe('a person who waited for a seat', () => {
  it('gets a mail when it is free, and nobody who came in at once', async () => {
    const { site, ada, course, courseId, person, mailTo } = await openSite('Optics');
    await ada.api.updateAdmission({ ...course, body: { capacity: 1 } });
    const [sam, eve] = [await person('sam'), await person('eve')];
    await sam.api.enrol(course);
    await eve.api.joinWaitingList(course);
    await ada.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    const { subject, text } = await mailTo('eve@example.org');
    expect(subject).toBe('You have a seat');
    expect(text).toContain('A seat became free in the course “Optics”');
    expect(text).toContain(`/courses/${courseId}`);
    expect(site.mailbox.mails.filter((mail) => mail.subject === subject).map(({ to }) => to)).toEqual(['eve@example.org']);
  });
});

describe('a person on the list of an instructor', () => {
  it('gets one mail at an address that nobody has proved, without words that look like a link', async () => {
    const { site, invite, mailTo } = await openSite('Click evil.example now');
    for (let i = 0; i < 2; i += 1) expect(await invite('new@example.org')).toEqual({ outcome: 'invited' });
    const { subject, text } = await mailTo('new@example.org');
    expect([subject, text.includes('evil')]).toEqual(['You can join a course', false]);
    await site.runJobs();
    expect(site.mailbox.mails.filter(({ to }) => to === 'new@example.org')).toHaveLength(1);
    expect(await new MailStore(site.database).ofUser(UserId.parse(`usr_${'0'.repeat(20)}`))).toEqual([]);
  });

  it('gets none when the instructor has invited too many', async () => {
    const { site, ada } = await openSite('Optics');
    const { invited } = enrolmentNotices({ database: site.database, jobs: site.jobs, clock: site.clock, logger, limit: { burst: 2, perSecond: 0.001 } });
    const row = { _id: 'pnd_1', courseId: 'crs_00000000000000000001', name: '', role: 'student' as const, groupId: null, importId: 'imp_1', createdAt: '2030-01-01T00:00:00.000Z' };
    for (let i = 0; i < 4; i += 1) invited({ ...row, email: `p${i}@example.org`, createdBy: ada.userId });
    invited({ ...row, email: 'other@example.org', createdBy: 'usr_00000000000000000000' });
    const mailed = async () => (await site.database.allDocuments()).flatMap(({ collection, document }) => (collection === 'mails' && 'template' in document && document.template === 'invited' ? [(document as { to?: string }).to] : [])).toSorted();
    await until('the mails', async () => (await mailed()).length >= 3);
    expect(await mailed()).toEqual(['other@example.org', 'p0@example.org', 'p1@example.org']);
  });
});
