import sharp from 'sharp';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { en } from '../text/en.ts';
import { es } from '../text/es.ts';
import { it } from './classroomTest.ts';
import { password } from './RunningSite.ts';

/** 300 × 200: the left half red, the right half blue. */
async function photograph(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const half = { create: { width: 150, height: 200, channels: 3, background: 'blue' } } as const;
  const buffer = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } }).composite([{ input: half, left: 150, top: 0 }]).png().toBuffer();
  return { name: 'me.png', mimeType: 'image/png', buffer };
}

const languageOf = (page: Page) => page.evaluate(() => document.documentElement.lang);

describe('the profile', () => {
  it('takes the square of a picture that its owner has moved, and shows it to others in the room', async ({ classroom }) => {
    const noor = await classroom.student('Noor');
    const page = await classroom.openPage(noor, '/profile');
    await page.getByLabel(en.profile.choosePicture, { exact: true }).and(page.locator('input')).setInputFiles(await photograph());
    const dialog = page.getByRole('dialog', { name: en.profile.cropTitle });
    // From the middle to the right end, which is blue alone.
    await dialog.getByLabel(en.profile.zoom).fill('2');
    const area = dialog.getByRole('application', { name: en.profile.cropArea });
    for (let press = 0; press < 20; press += 1) await area.press('ArrowRight');
    await dialog.getByRole('button', { name: en.profile.usePicture }).click();
    await page.getByText(en.profile.pictureSaved).waitFor();
    const { avatarId } = await noor.api.getProfile();
    const large = await (await noor.api.getImage({ params: { imageId: avatarId as never, size: 'large' } })).arrayBuffer();
    const { channels } = await sharp(large).stats();
    expect(channels.map(({ mean }) => Math.round(mean / 16) * 16).slice(0, 3)).toEqual([0, 0, 256]);

    const lectureId = await classroom.startLecture();
    const sam = await classroom.student('Sam');
    await classroom.openPage(noor, `/live/${lectureId}`);
    const room = await classroom.openPage(sam, `/live/${lectureId}`);
    await room.getByRole('tab', { name: en.room.peopleTab }).click();
    const row = room.getByRole('listitem').filter({ hasText: 'Noor' });
    await row.locator(`img[src*="${avatarId}"]`).waitFor();
    expect(await room.content()).not.toContain(noor.credentials.email);
  });

  it('changes the language of all pages at once, and keeps it in the account', async ({ classroom }) => {
    const lena = await classroom.student('Lena');
    const page = await classroom.openPage(lena, '/profile');
    await page.getByRole('combobox', { name: en.profile.language }).selectOption('es');
    await page.getByRole('heading', { name: es.text.account.profileTitle, level: 1 }).waitFor();
    expect([await languageOf(page), await page.title()]).toEqual(['es', `${es.text.account.profileTitle} · Lectern`]);
    await page.reload();
    await page.getByRole('heading', { name: es.text.account.profileTitle, level: 1 }).waitFor();
    await page.getByRole('combobox', { name: es.text.profile.timeZone }).selectOption('Asia/Tokyo');
    await page.getByText('GMT+9').first().waitFor();
    expect(await lena.api.getProfile()).toMatchObject({ language: 'es', timeZone: 'Asia/Tokyo' });
  });
});

it('A browser that asks for Spanish gets it, up to the errors; and the choice by hand is taken to the new account', async ({ classroom, browser }) => {
  const context = await browser.newContext({ locale: 'es-MX', timezoneId: 'America/Bogota' });
  const page = await context.newPage();
  await page.goto(`${classroom.url}/sign-up`);
  await page.getByRole('heading', { name: es.text.account.signUpTitle }).waitFor();
  await page.getByLabel(es.text.account.name, { exact: true }).fill('Inés');
  await page.getByLabel(es.text.account.email).fill('ines');
  await page.getByLabel(es.text.account.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: es.text.account.signUp }).click();
  await page.getByText('Escribe un correo, como nombre@example.org.').waitFor();
  await page.getByRole('button', { name: es.text.shell.language }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.getByRole('heading', { name: en.account.signUpTitle }).waitFor();
  await page.getByLabel(en.account.email).fill(classroom.emailOf('ines'));
  await page.getByRole('button', { name: en.account.signUp }).click();
  await page.waitForURL(`${classroom.url}/`);
  await page.goto(`${classroom.url}/profile`);
  await page.getByRole('combobox', { name: en.profile.timeZone }).waitFor();
  expect(await page.getByRole('combobox', { name: en.profile.language }).inputValue()).toBe('en');
  expect(await page.getByRole('combobox', { name: en.profile.timeZone }).inputValue()).toBe('America/Bogota');
  await context.close();
});
