import { describe, expect } from 'vitest';
import type { CourseId } from '#engine/contract';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

describe('an instructor', () => {
  let classroom: Classroom;
  let courseId: CourseId;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    courseId = (await classroom.ada.api.createCourse({ body: { title: 'Thermodynamics', enrolmentPolicy: 'closed' } })).id;
  });

  it('invites a person by a link, which admits the first who opens it', async () => {
    const people = await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=people`);
    await people.getByRole('button', { name: en.enrolment.newLink }).click();
    const dialog = people.getByRole('dialog', { name: en.enrolment.newLink });
    await dialog.getByLabel(en.course.addRole).selectOption('assistant');
    await dialog.getByRole('button', { name: en.enrolment.createLink }).click();
    const link = (await dialog.getByRole('group', { name: en.enrolment.yourLink }).locator('.copy__value').textContent()) ?? '';
    const address = new URL(link).pathname + new URL(link).search;
    const zoe = await classroom.openPage(await classroom.signUp('Zoe'), address);
    await zoe.getByText('Thermodynamics').waitFor();
    await zoe.getByText(en.invitation.as.assistant).waitFor();
    await zoe.getByRole('button', { name: en.invitation.accept }).click();
    await zoe.getByRole('heading', { name: 'Thermodynamics' }).waitFor();
    const yan = await classroom.openPage(await classroom.signUp('Yan'), address);
    await yan.getByText(en.errors['invitation.usedUp']).waitFor();
    const { enrolments } = await classroom.ada.api.listEnrolments({ params: { courseId } });
    expect(enrolments.map(({ displayName, role }) => `${displayName} ${role}`).sort()).toEqual(['Ada owner', 'Zoe assistant']);
  });

  it('lifts a removal', async () => {
    const people = await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=people`);
    await people.getByRole('button', { name: en.course.personMenu('Zoe') }).click();
    await people.getByRole('menuitem', { name: en.course.remove }).click();
    await people.getByRole('dialog').getByRole('button', { name: en.course.remove }).click();
    await people.getByRole('button', { name: en.course.readmit }).click();
    await people.getByText(en.course.readmitted('Zoe')).waitFor();
    expect((await classroom.ada.api.listRemovedMembers({ params: { courseId } })).people).toEqual([]);
  });
});

it('an administrator creates an account and deactivates it', async ({ classroom }) => {
  const email = classroom.emailOf('Xenia');
  const page = await classroom.openPage(classroom.ada, '/administration/people');
  await page.getByRole('button', { name: en.admin.create }).click();
  const dialog = page.getByRole('dialog', { name: en.admin.create });
  await dialog.getByLabel(en.account.name).fill('Xenia');
  await dialog.getByLabel(en.account.email).fill(email);
  await dialog.getByLabel(en.account.password, { exact: true }).fill('password1');
  await dialog.getByRole('button', { name: en.admin.createDo }).click();
  await dialog.getByText('first that others try').waitFor();
  await dialog.getByLabel(en.account.password, { exact: true }).fill('quiet otters build boats');
  await dialog.getByRole('button', { name: en.admin.createDo }).click();
  await page.getByText(en.admin.created('Xenia')).waitFor();
  await page.getByRole('button', { name: en.admin.menu('Xenia') }).click();
  await page.getByRole('menuitem', { name: en.admin.deactivate }).click();
  await page.getByRole('dialog').getByRole('button', { name: en.admin.deactivate }).click();
  await page.getByRole('row', { name: 'Xenia' }).getByText(en.admin.deactivated, { exact: true }).waitFor();
  const { users } = await classroom.ada.api.listUsers({ query: { search: email } });
  expect(users).toMatchObject([{ isDeactivated: true }]);
});

it('an administrator sees the background jobs', async ({ classroom }) => {
  const page = await classroom.openPage(classroom.ada, '/administration/jobs');
  const jobs = page.getByRole('region', { name: en.jobs.title });
  // The cleanup has run at the start, and waits for its next time: it cannot be cancelled.
  await jobs.getByLabel(en.jobs.show).selectOption('delayed');
  await jobs.getByText(en.jobs.kinds['site.cleanUp']).waitFor();
  expect(await jobs.getByRole('button', { name: en.jobs.cancel }).count()).toBe(0);
});
