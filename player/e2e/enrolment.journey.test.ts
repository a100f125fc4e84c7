import { describe, expect } from 'vitest';
import type { CourseId } from '#engine/contract';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

/** A list of two thousand people takes seconds, and more on a busy machine. */
const refreshed = { timeout: 60_000 };

describe('a course that fills', () => {
  let classroom: Classroom;
  let courseId: CourseId;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    courseId = (await classroom.ada.api.createCourse({ body: { title: 'Crystals', enrolmentPolicy: 'open' } })).id;
  });

  it('takes a list of two thousand people with errors in it, which it shows before anything happens', async () => {
    const page = await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=people`);
    await page.getByRole('button', { name: en.enrolment.uploadOpen }).click();
    const dialog = page.getByRole('dialog', { name: en.enrolment.uploadTitle });
    const lines = Array.from({ length: 2000 }, (_, index) => (index % 500 === 7 ? `not an address ${index};Person ${index};Di` : `person${index}@example.org;Person ${index};Di`));
    const csv = Buffer.from(`\ufeffE-mail;Name;Group\r\n${lines.join('\r\n')}\r\n`, 'utf16le');
    await dialog.getByLabel(en.enrolment.file).setInputFiles({ name: 'class.csv', mimeType: 'text/csv', buffer: csv });
    await dialog.getByRole('button', { name: en.enrolment.preview }).click();
    await dialog.getByText(en.enrolment.haveProblems(4)).waitFor();
    await dialog.getByText(en.enrolment.line(9), { exact: true }).waitFor();
    await dialog.getByText(en.enrolment.nothingYet).waitFor();
    expect((await classroom.ada.api.getAdmission({ params: { courseId } })).pendingCount).toBe(0);
    await dialog.getByRole('button', { name: en.enrolment.apply(1996) }).click();
    await dialog.getByText(en.enrolment.appliedTitle).waitFor(refreshed);
    await dialog.getByText(en.enrolment.results.invited(1996)).waitFor();
    await dialog.getByRole('button', { name: en.enrolment.done }).click();
    await page.getByRole('tab', { name: en.enrolment.pending }).click();
    await page.getByText('Person 0', { exact: true }).waitFor();
    expect(await classroom.ada.api.getAdmission({ params: { courseId } })).toMatchObject({ pendingCount: 1996 });
  });

  it('lets the next of the waiting list in when a seat becomes free, and nobody by a link that is used up', async () => {
    const [settings, first] = [await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=settings`), await classroom.signUp('Uri')];
    await settings.getByLabel(en.enrolment.capacity).fill('1');
    await settings.getByRole('button', { name: en.enrolment.saveCapacity }).click();
    await settings.getByText(en.enrolment.taken(0, 1)).waitFor();
    const { token } = await classroom.ada.api.createInvitation({ params: { courseId }, body: { maxUses: 1 } });
    await first.api.acceptInvitation({ body: { token } });
    const vera = await classroom.openPage(await classroom.signUp('Vera'), `/invitation?token=${token}`);
    await vera.getByText(en.errors['invitation.usedUp']).waitFor();
    await vera.goto(`${classroom.url}/courses/${courseId}`);
    await vera.getByText(en.enrolment.full(0)).waitFor();
    await vera.getByRole('button', { name: en.enrolment.joinWaiting }).click();
    await vera.getByText(en.enrolment.youWait(1)).waitFor();
    await settings.getByRole('tab', { name: en.course.people }).click();
    await settings.getByRole('tab', { name: en.enrolment.waiting }).click();
    await settings.getByText(en.enrolment.place(1)).waitFor();
    await first.api.leaveCourse({ params: { courseId } });
    // The page looks every 10 s, and when it becomes visible.
    await vera.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await vera.getByText(en.course.nothingTitle).waitFor(refreshed);
  });
});
