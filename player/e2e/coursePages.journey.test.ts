import { describe, expect } from 'vitest';
import type { CourseId } from '#engine/contract';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

/** The pages load their lists again after 15 to 20 s. */
const refreshed = { timeout: 60_000 };

describe('the pages of a course', () => {
  let classroom: Classroom;
  let courseId: CourseId;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    courseId = (await classroom.ada.api.createCourse({ body: { title: 'Acoustics', enrolmentPolicy: 'code' } })).id;
  });

  const codeOf = async () => (await classroom.ada.api.getCourse({ params: { courseId } })).enrolmentCode ?? '';

  it('let a student join with the code alone, and show the student to the instructor without a reload', async () => {
    const people = await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=people`);
    await people.getByText(en.course.noPeopleTitle).waitFor();
    const home = await classroom.openPage(await classroom.signUp('Noor'), '/');
    await home.getByLabel(en.course.enrolCode).fill('wrong');
    await home.getByRole('button', { name: en.course.enrolDo }).click();
    await home.getByText('No course has this code.').waitFor();
    await home.getByLabel(en.course.enrolCode).fill(await codeOf());
    await home.getByRole('button', { name: en.course.enrolDo }).click();
    await home.getByRole('heading', { name: 'Acoustics' }).waitFor();
    await people.getByText('Noor', { exact: true }).waitFor(refreshed);
  });

  it('keep the open tab in their address', async () => {
    const page = await classroom.openPage(classroom.ada, `/courses/${courseId}`);
    await page.getByRole('tab', { name: en.course.settings }).click();
    await page.waitForURL(/\?tab=settings$/);
    await page.reload();
    expect(await page.getByRole('tab', { name: en.course.settings }).getAttribute('aria-selected')).toBe('true');
    await page.getByRole('tab', { name: en.course.lectures }).click();
    await page.waitForURL(new RegExp(`/courses/${courseId}$`));
  });

  it('ask before a new code replaces the old one', async () => {
    const before = await codeOf();
    const page = await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=people`);
    await page.getByRole('button', { name: en.course.newCode }).click();
    const question = page.getByRole('dialog', { name: en.course.newCodeTitle });
    await question.getByRole('button', { name: en.actions.cancel }).click();
    expect(await codeOf()).toBe(before);
    await page.getByRole('button', { name: en.course.newCode }).click();
    await question.getByRole('button', { name: en.course.newCode }).click();
    await page.getByText(en.course.newCodeMade).waitFor();
    expect(await codeOf()).not.toBe(before);
  });

  it('refuse a time in the past', async () => {
    const page = await classroom.openPage(classroom.ada, `/courses/${courseId}`);
    await page.getByRole('button', { name: en.course.schedule }).click();
    const dialog = page.getByRole('dialog', { name: en.course.schedule });
    await dialog.getByLabel(en.course.lectureTitle).fill('1. Sound');
    await dialog.getByLabel(en.course.when).fill('2020-01-01T10:00');
    await dialog.getByRole('button', { name: en.course.scheduleDo }).click();
    await dialog.getByText(en.course.whenPast).waitFor();
    expect((await classroom.ada.api.listLectures({ params: { courseId } })).lectures).toEqual([]);
  });

  it.each(['/courses/crs_typo', '/courses/lec_00000000000000000001', '/live/lec_', '/studio/x', '/watch/vid_0000000000000000000!'])('say that there is no page at %s', async (address) => {
    const page = await classroom.openPage(classroom.ada, address);
    await page.getByRole('heading', { name: en.shell.notFoundTitle }).waitFor();
    await page.close();
  });
});
