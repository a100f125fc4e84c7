import { expect } from 'vitest';
import type { CourseId, LectureId } from '#engine/contract';
import { password } from './RunningSite.ts';
import { Person } from '../demo/Person.ts';
import { en } from '../text/en.ts';
import { Classroom } from './Classroom.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';

describeWithOwnServer('the courses of other instructors, for an administrator', () => {
  let classroom: Classroom;
  let ina: Person;
  let courseId: CourseId;
  let lectureId: LectureId;

  // A site of its own: what others do in a shared one is in these lists too.
  it.beforeAll(async ({ browser }) => {
    classroom = await Classroom.open({ browser });
    ina = await Person.signUp(classroom.server.url, { email: 'ina.teaches@example.org', displayName: 'Ina', password });
    await classroom.ada.api.setUserRoles({ params: { userId: (await ina.api.getProfile()).id }, body: { roles: ['instructor'] } });
    courseId = (await ina.api.createCourse({ body: { title: 'Thermodynamics', enrolmentPolicy: 'closed' } })).id;
    lectureId = (await ina.api.startLecture({ body: { courseId, title: 'Entropy', isRecorded: true } })).id;
  });

  it.afterAll(() => classroom?.close());

  const choose = async (name: string) => {
    const page = await classroom.openPage(classroom.ada, '/administration/courses');
    await page.getByLabel(en.admin.searchCourses).fill('thermo');
    await page.getByRole('button', { name: en.admin.courseMenu('Thermodynamics') }).click();
    await page.getByRole('menuitem', { name }).click();
    return page;
  };

  it('end their lectures after a question', async () => {
    const page = await choose(en.studio.endLecture);
    const question = page.getByRole('dialog', { name: en.admin.endTitle('Entropy') });
    await question.getByRole('button', { name: en.actions.cancel }).click();
    expect((await ina.api.getLecture({ params: { lectureId } })).state).not.toBe('ended');
    await page.getByRole('button', { name: en.admin.courseMenu('Thermodynamics') }).click();
    await page.getByRole('menuitem', { name: en.studio.endLecture }).click();
    await question.getByRole('button', { name: en.studio.endDo }).click();
    await page.getByText(en.admin.lectureEnded('Entropy')).waitFor();
    expect((await ina.api.getLecture({ params: { lectureId } })).state).toBe('ended');
  });

  it('are deleted after a question', async () => {
    const page = await choose(en.course.delete);
    const question = page.getByRole('dialog', { name: en.course.deleteTitle('Thermodynamics') });
    await question.getByRole('button', { name: en.actions.cancel }).click();
    expect((await ina.api.listCourses()).courses).toHaveLength(1);
    await page.getByRole('button', { name: en.admin.courseMenu('Thermodynamics') }).click();
    await page.getByRole('menuitem', { name: en.course.delete }).click();
    await question.getByRole('button', { name: en.course.delete }).click();
    await page.getByText(en.course.deleted).waitFor();
    expect((await ina.api.listCourses()).courses).toEqual([]);
  });

  it('are on a site whose banner an administrator changes, which the audit log says', async () => {
    const page = await classroom.openPage(classroom.ada, '/administration/settings');
    await page.getByRole('group', { name: en.administration.settings.banner }).getByLabel(en.administration.settings.labels.bannerText).fill('Exams begin on Monday');
    await page.getByRole('button', { name: en.administration.settings.save }).click();
    await page.getByText(en.administration.settings.saved).waitFor();
    const others = await classroom.openPage(ina, '/');
    await others.getByText('Exams begin on Monday').waitFor();
    await page.getByRole('link', { name: en.administration.sections.audit }).click();
    await page.getByRole('cell', { name: en.auditActions['settings.changed'] }).waitFor();
  });

  it('are not shown to others', async () => {
    for (const path of ['/administration/courses', '/administration/server']) {
      const page = await classroom.openPage(ina, path);
      await page.getByRole('heading', { name: en.admin.forbiddenTitle }).waitFor();
    }
  });
});
