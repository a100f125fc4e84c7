import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

describe('a lecture that has started, to which nothing was sent', () => {
  let classroom: Classroom;
  let lectureId: LectureId;
  let studio: Page;
  let room: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    lectureId = await classroom.startLecture();
    studio = await classroom.openPage(classroom.ada, `/studio/${lectureId}`);
    room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
  });

  const badge = () => room.getByText(en.room.recordedLong, { exact: true });
  const fromBeginning = (page: Page) => page.getByRole('link', { name: en.room.fromBeginning });

  it('is neither resumed in the studio, nor recorded, nor watched from the beginning', async () => {
    await studio.getByText(en.studio.startedHint).waitFor();
    await studio.getByRole('button', { name: en.studio.goLive }).waitFor();
    expect(await studio.getByRole('button', { name: en.studio.continueLive }).count()).toBe(0);
    await room.getByText(en.room.noTracks).waitFor();
    expect([await badge().count(), await fromBeginning(room).count()]).toEqual([0, 0]);
    const course = await classroom.openPage(await classroom.student('Omar'), `/courses/${classroom.courseId}`);
    await course.getByRole('link', { name: en.course.joinLive }).waitFor();
    expect(await fromBeginning(course).count()).toBe(0);
  });

  it('is recorded and can be watched from the beginning as soon as the instructor goes live', async () => {
    await studio.getByRole('button', { name: en.studio.goLive }).click();
    await badge().waitFor({ state: 'attached' });
    await fromBeginning(room).waitFor();
  });

  it('is resumed after a pause, in which nothing is recorded', async () => {
    await studio.getByRole('button', { name: en.studio.stopSending }).click();
    await studio.getByRole('button', { name: en.studio.continueLive }).waitFor();
    await studio.getByText(en.studio.continueHint).waitFor();
    await badge().waitFor({ state: 'detached' });
    await fromBeginning(room).waitFor();
  });
});
