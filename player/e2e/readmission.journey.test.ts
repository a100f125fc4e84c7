import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import type { Person } from '../demo/Person.ts';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

describe('a student who was removed from a lecture', () => {
  let classroom: Classroom;
  let lectureId: LectureId;
  let mallory: Person;
  let room: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    lectureId = await classroom.startLecture('Lenses');
    mallory = await classroom.student('Mallory');
    room = await classroom.openPage(mallory, `/live/${lectureId}`);
  });

  const joins = () => room.getByText(en.room.noTracks).waitFor();

  it('is listed beside the people in the room, and joins again when the removal is lifted there', async () => {
    await joins();
    const studio = await classroom.openPage(classroom.ada, `/studio/${lectureId}`);
    await studio.getByRole('tab', { name: en.room.peopleTab }).click();
    await studio.getByRole('button', { name: en.room.moreFor('Mallory') }).click();
    await studio.getByRole('menuitem', { name: en.room.removePerson }).click();
    await studio.getByRole('dialog').getByRole('button', { name: en.room.removePerson }).click();
    await room.getByRole('heading', { name: en.room.removedTitle }).waitFor();
    await studio.getByRole('heading', { name: en.course.removedTitle }).waitFor();
    await studio.getByRole('button', { name: en.course.readmit }).click();
    await studio.getByText(en.room.readmitted('Mallory')).waitFor();
    await room.reload();
    await joins();
  });

  it('is listed in the menu of the lecture on the course page', async () => {
    const course = await classroom.openPage(classroom.ada, `/courses/${classroom.courseId}`);
    await course.getByRole('button', { name: en.course.lectureMenu('Lenses') }).click();
    await course.getByRole('menuitem', { name: en.course.removedTitle }).click();
    await course.getByText(en.room.nobodyRemoved).waitFor();
    expect(await course.getByRole('button', { name: en.course.readmit }).count()).toBe(0);
  });
});
