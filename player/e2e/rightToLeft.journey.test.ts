import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { CourseId, LectureId } from '#engine/contract';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

const title = 'מבוא לאופטיקה (2026)';
const message = 'מהי עדשה?';

describe('words that are written from right to left', () => {
  let classroom: Classroom;
  let courseId: CourseId;
  let lectureId: LectureId;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    courseId = await classroom.addCourse(title);
    lectureId = await classroom.startLecture(title, courseId);
    const visit = await RoomVisit.enter(classroom.url, classroom.ada, lectureId);
    await visit.ask('chat.post', { text: message });
    visit.leave();
  });

  /** Elements with Hebrew words of their own that neither follow the direction of the words nor isolate them. */
  const misdirected = (page: Page) =>
    page.evaluate(() => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const words = node.textContent ?? '';
        const hasDirection = node.parentElement?.closest('[dir]')?.getAttribute('dir') === 'auto';
        if (/[\u0590-\u05ff]/.test(words) && !hasDirection && !words.includes('\u2068')) found.push(node.parentElement?.outerHTML ?? words);
      }
      return found;
    });

  it.each([
    { page: 'home page', address: () => '/', shows: title },
    { page: 'course page', address: () => `/courses/${courseId}`, shows: title },
    { page: 'live room', address: () => `/live/${lectureId}`, shows: message },
    { page: 'studio', address: () => `/studio/${lectureId}`, shows: message },
  ])('have their direction on the $page', async ({ address, shows }) => {
    const page = await classroom.openPage(classroom.ada, address());
    await page.getByText(shows).first().waitFor();
    expect(await misdirected(page)).toEqual([]);
    const direction = await page.getByText(shows).first().evaluate((element) => getComputedStyle(element).direction);
    expect(direction).toBe('rtl');
    await page.close();
  });

  it('have their direction in the message that is being written', async () => {
    const page = await classroom.openPage(classroom.ada, `/live/${lectureId}`);
    const field = page.getByRole('textbox', { name: en.chat.write });
    await field.fill(message);
    expect(await field.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    await page.close();
  });
});
