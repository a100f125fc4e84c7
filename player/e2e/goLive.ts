import type { Locator, Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';

/** Opens the instructor's studio, with what `prepare` installs in the page, and starts to send from it. */
export async function goLive(classroom: Classroom, lectureId: LectureId, prepare: (page: Page) => Promise<unknown> = async () => undefined): Promise<Page> {
  const studio = await classroom.openPage(classroom.ada, '/');
  await prepare(studio);
  await studio.goto(`${classroom.url}/studio/${lectureId}`);
  await startSending(studio);
  return studio;
}

export function startButton(studio: Page): Locator {
  return studio.getByRole('button', { name: new RegExp(`${en.studio.goLive}|${en.studio.continueLive}`) });
}

export async function startSending(studio: Page): Promise<void> {
  await startButton(studio).click();
}
