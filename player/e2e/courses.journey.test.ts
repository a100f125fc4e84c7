import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

describe('the courses of an instructor', () => {
  let classroom: Classroom;
  let page: Page;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    page = await classroom.openPage(classroom.ada, '/courses');
  });

  const courseAddress = () => page.url().replace(classroom.url, '').replace(/\?.*/, '');

  it('begin as drafts, which students see when they are published', async () => {
    await page.getByRole('button', { name: en.home.createCourse }).click();
    const dialog = page.getByRole('dialog', { name: en.home.createCourse });
    await dialog.getByLabel(en.home.courseTitle, { exact: true }).fill('Crystallography');
    await dialog.getByLabel(en.home.enrolmentPolicy).selectOption('open');
    await dialog.getByRole('checkbox', { name: en.courses.publishNow }).uncheck();
    await dialog.getByRole('button', { name: en.home.create }).click();
    await page.getByText(en.courses.draftNotice).waitFor();
    const student = await classroom.openPage(await classroom.signUp('Mia'), '/courses?view=catalogue&search=crystallo');
    await student.getByText(en.courses.nothingFoundTitle).waitFor();
    await page.getByRole('button', { name: en.courses.publish, exact: true }).click();
    await page.getByText(en.courses.draftNotice).waitFor({ state: 'detached' });
    await student.reload();
    await student.getByRole('link', { name: 'Crystallography' }).click();
    await student.getByRole('button', { name: en.course.enrolDo }).click();
    await student.getByRole('tab', { name: en.courses.overview }).waitFor();
  });

  it('show a description in Markdown in which nothing runs', async () => {
    await page.getByRole('tab', { name: en.course.settings }).click();
    const markdown = '**Bold** [good](https://example.org/) [bad](javascript:document.title=1) <img src=x onerror="document.title=2"><script>document.title=3</script>';
    await page.getByRole('textbox', { name: en.courses.description }).fill(markdown);
    await page.getByLabel(en.courses.addTag).fill('Light, #X-Rays,');
    await page.getByRole('button', { name: en.courses.removeTag('x-rays') }).waitFor();
    await page.locator('form', { has: page.getByRole('textbox', { name: en.courses.description }) }).getByRole('button', { name: en.course.save }).click();
    await page.getByText(en.course.saved).waitFor();
    await page.getByRole('tab', { name: en.courses.overview }).click();
    const text = page.getByRole('tabpanel', { name: en.courses.overview }).locator('.markdown');
    await text.getByText('Bold').waitFor();
    const links = await text.getByRole('link').evaluateAll((all) => all.map((link) => ['href', 'rel', 'target'].map((name) => link.getAttribute(name))));
    expect(links).toEqual([['https://example.org/', 'noopener nofollow', '_blank']]);
    expect(await text.locator('p').getAttribute('dir')).toBe('auto');
    expect(await text.locator('script, img, [onerror]').count()).toBe(0);
    expect(await text.textContent()).toContain('<script>');
    expect(await page.title()).toContain('Crystallography');
  });

  it('are found by a tag, and copied for the next term', async () => {
    const address = courseAddress();
    await page.getByRole('tabpanel', { name: en.courses.overview }).getByRole('link', { name: 'light' }).click();
    await page.getByRole('link', { name: 'Crystallography' }).waitFor();
    expect(new URL(page.url()).searchParams.get('tag')).toBe('light');
    await page.goto(`${classroom.url}${address}`);
    await page.getByRole('button', { name: en.courses.menu }).click();
    await page.getByRole('menuitem', { name: en.courses.duplicate }).click();
    const dialog = page.getByRole('dialog', { name: en.courses.duplicateTitle });
    await dialog.getByLabel(en.home.courseTitle, { exact: true }).fill('Crystallography II');
    await dialog.getByRole('button', { name: en.courses.duplicateDo }).click();
    await page.getByRole('heading', { name: 'Crystallography II' }).waitFor();
    await page.getByText(en.courses.draftNotice).waitFor();
  });

  it('are in the trash when they are deleted, until they are restored', async () => {
    await page.getByRole('button', { name: en.courses.menu }).click();
    await page.getByRole('menuitem', { name: en.course.delete }).click();
    await page.getByRole('dialog').getByRole('button', { name: en.course.delete }).click();
    await page.getByText(en.course.deleted).waitFor();
    await page.getByRole('link', { name: en.courses.trash }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'Crystallography II' });
    await row.getByRole('button', { name: en.courses.restore }).click();
    await row.waitFor({ state: 'detached' });
    await page.goto(`${classroom.url}/courses?state=draft`);
    await page.getByRole('link', { name: 'Crystallography II' }).waitFor();
  });
});
