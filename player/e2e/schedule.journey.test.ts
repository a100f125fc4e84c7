import { describe, expect } from 'vitest';
import { until } from '#engine/testing';
import { en } from '../text/en.ts';
import { it } from './classroomTest.ts';

const dayMs = 24 * 3600_000;

describe('the plan of a course', () => {
  it('is a weekly series, in which one date is skipped and the later lectures are moved', async ({ classroom }) => {
    const courseId = await classroom.addCourse('Series');
    const page = await classroom.openPage(classroom.ada, `/courses/${courseId}`);
    await page.getByRole('button', { name: en.course.schedule }).click();
    const dialog = page.getByRole('dialog', { name: en.course.schedule });
    await dialog.getByLabel(en.course.lectureTitle).fill('Optics');
    await dialog.getByLabel(en.schedule.repeats).selectOption('weekly');
    const first = new Date(Date.now() + 7 * dayMs).toISOString().slice(0, 10);
    await dialog.getByLabel(en.schedule.firstDate).fill(first);
    for (const day of await dialog.getByRole('group', { name: en.schedule.weekdays }).getByRole('checkbox').all()) await day.check({ force: true });
    await dialog.getByLabel(en.schedule.startTime).fill('10:00');
    await dialog.getByLabel(en.schedule.count).fill('4');
    const dates = dialog.getByRole('group', { name: new RegExp(en.schedule.dates) }).getByRole('checkbox');
    await until('the preview of four dates', async () => (await dates.count()) === 4);
    await dates.nth(1).uncheck();
    await dialog.getByText(en.schedule.lectureCount(3)).waitFor();
    await dialog.getByRole('button', { name: en.course.scheduleDo }).click();
    await page.getByText(en.schedule.created(3)).waitFor();
    await page.getByRole('button', { name: en.course.lectureMenu('Optics') }).nth(1).click();
    await page.getByRole('menuitem', { name: en.course.edit }).click();
    const edit = page.getByRole('dialog', { name: en.course.edit });
    await edit.getByLabel(en.schedule.scopes.following).check();
    await edit.getByLabel(en.schedule.startTime).fill('16:30');
    await edit.getByRole('button', { name: en.actions.save }).click();
    await page.getByText(en.schedule.seriesSaved).waitFor();
    const { lectures } = await classroom.ada.api.listLectures({ params: { courseId } });
    const times = lectures.map(({ scheduledAt }) => scheduledAt?.slice(0, 16)).sort();
    const at = (day: number, time: string) => `${new Date(Date.parse(first) + day * dayMs).toISOString().slice(0, 10)}T${time}`;
    expect(times).toEqual([at(0, '10:00'), at(2, '16:30'), at(3, '16:30')]);
    await page.close();
  });

  it('is in the calendar of a student, who moves in it by keyboard and subscribes to it', async ({ classroom }) => {
    const sam = await classroom.student('Calendar');
    const scheduledAt = new Date(Date.now() + 3600_000).toISOString();
    await classroom.ada.api.scheduleLecture({ params: { courseId: classroom.courseId }, body: { title: 'Within the hour', scheduledAt } });
    const page = await classroom.openPage(sam, '/calendar');
    await page.getByRole('link', { name: 'Within the hour' }).waitFor();
    const chosen = page.locator('td[tabindex="0"]');
    await chosen.focus();
    const before = await chosen.getAttribute('data-date');
    await page.keyboard.press('ArrowDown');
    await page.locator(`td[tabindex="0"]:not([data-date="${before ?? ''}"])`).waitFor();
    expect(Date.parse((await chosen.getAttribute('data-date')) ?? '') - Date.parse(before ?? '')).toBe(7 * dayMs);
    await page.keyboard.press('t');
    await page.keyboard.press('a');
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    await page.getByRole('button', { name: en.calendar.subscribe }).click();
    await page.getByRole('button', { name: en.calendar.createLink }).click();
    const link = await page.locator('.copy__value').textContent();
    const feed = await fetch(link ?? '');
    expect([feed.status, await feed.text()]).toEqual([200, expect.stringContaining('SUMMARY:Within the hour')]);
    await page.close();
  });

  it('is announced: the announcement is unread until a student has seen it', async ({ classroom }) => {
    const sam = await classroom.student('Reader');
    const { courseId } = classroom;
    const board = await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=announcements`);
    await board.getByRole('button', { name: en.announcements.post }).click();
    await board.getByLabel(en.announcements.field).fill('Exam');
    await board.getByLabel(en.announcements.text, { exact: true }).fill('Room **B12**');
    await board.getByRole('button', { name: en.announcements.postDo }).click();
    await board.getByRole('heading', { name: 'Exam' }).waitFor();
    const page = await classroom.openPage(sam, `/courses/${courseId}`);
    await page.getByRole('tab', { name: en.announcements.unreadCount(1) }).click();
    await page.locator('strong', { hasText: 'B12' }).waitFor();
    await page.getByText(en.announcements.unreadCount(1)).waitFor({ state: 'hidden' });
    await page.reload();
    await page.getByRole('heading', { name: 'Exam' }).waitFor();
    expect(await page.getByText(en.announcements.unread, { exact: true }).count()).toBe(0);
    await board.close();
    await page.close();
  });
});
