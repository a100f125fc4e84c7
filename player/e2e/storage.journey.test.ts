import { expect } from 'vitest';
import { en } from '../text/en.ts';
import { Classroom } from './Classroom.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';

describeWithOwnServer('the storage of a site', () => {
  let classroom: Classroom;

  it.beforeAll(async ({ browser }) => {
    classroom = await Classroom.open({ browser });
  });

  it.afterAll(() => classroom?.close());

  it('follows rules that an administrator sets, and is swept without deleting anything', async () => {
    const page = await classroom.openPage(classroom.ada, '/administration/storage');
    await page.getByText(en.storage.rules(null, null)).waitFor();
    await page.getByRole('link', { name: en.storage.toSettings }).click();
    const { labels, save, saved } = en.administration.settings;
    await page.getByLabel(labels.archiveAfterDays).fill('180');
    await page.getByLabel(labels.archivePrice).fill('0.0036');
    await page.getByRole('button', { name: save }).click();
    await page.getByText(saved).waitFor();
    expect((await classroom.ada.api.getStorageClasses()).settings).toMatchObject({ archiveAfterDays: 180, archivePrice: 0.0036 });
    await page.getByRole('link', { name: en.administration.sections.storage }).click();
    await page.getByText(en.storage.rules(null, '180')).waitFor();
    await page.getByRole('button', { name: en.storage.sweep.start }).click();
    await page.getByText(en.storage.sweep.clean).waitFor({ timeout: 30_000 });
    await page.getByText(en.storage.sweep.complete).waitFor();
  });

  it('keeps what the owner of a course says', async () => {
    const { id: courseId } = await classroom.ada.api.createCourse({ body: { title: 'Thermodynamics' } });
    const page = await classroom.openPage(classroom.ada, `/courses/${courseId}?tab=settings`);
    await page.getByLabel(en.retention.recordings).selectOption('days');
    await page.getByLabel(en.retention.days).fill('365');
    await page.getByRole('button', { name: en.retention.save }).click();
    await page.getByText(en.course.saved).waitFor();
    await page.getByText(en.retention.none).waitFor();
    expect(await classroom.ada.api.getRetention({ params: { courseId } })).toMatchObject({ retention: { recordings: 365, uploads: 'site' }, effective: { recordingDays: 365 } });
  });
});
