import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import type { VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { en } from '../text/en.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

const run = promisify(execFile);

describe('captions in two languages', () => {
  let classroom: Classroom;
  let folder: string;
  let videoId: VideoId;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-captions-'));
    const file = path.join(folder, 'waves.mp4');
    await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi', '-i', 'sine=440:r=48000', '-t', '20', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', file]);
    const { ada, courseId } = classroom;
    const page = await classroom.openPage(ada, `/courses/${courseId}?tab=videos`);
    await page.locator('input[type=file]').first().setInputFiles(file);
    await until('the video can be played', async () => {
      const found = (await ada.api.listVideos({ params: { courseId } })).videos.find(({ title }) => title.startsWith('waves'));
      videoId = found?.id ?? videoId;
      return found?.state === 'ready';
    }, 120_000);
  });
  it.afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are uploaded, edited, chosen in the player, and read beside it', async () => {
    const { api } = classroom.ada;
    const params = { videoId };
    const srt = '1\n00:00:00,000 --> 00:00:19,000\nHello waves\n\n2\n00:00:15,000 --> 00:00:16,000\nThe end\n';
    const { captions } = await api.addCaptions({ params, query: { language: 'en' }, body: new Blob([srt]) });
    await api.addCaptions({ params, query: { language: 'es' }, body: new Blob([srt.replace('Hello waves', 'Hola ondas')]) });
    const edited = captions.cues.map((cue) => ({ ...cue, text: cue.text.replace('Hello', '<b>Good</b>') }));
    await api.updateCaptions({ params: { ...params, captionId: captions.id }, body: { cues: edited } }, { ifUnchanged: await api.getCaptions({ params: { ...params, captionId: captions.id } }) });

    const page = await classroom.openPage(classroom.ada, `/watch/${videoId}`);
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    const shown = page.locator('.captions');
    await page.keyboard.press('c');
    await page.locator('.captions strong', { hasText: 'Good' }).waitFor();
    await page.locator('media-controller').hover();
    await page.getByRole('button', { name: en.captions.title }).click();
    await page.getByRole('menuitemradio', { name: 'Español' }).click();
    await shown.getByText('Hola ondas').waitFor();
    await page.getByRole('button', { name: en.captions.showTranscript }).click();
    await page.getByRole('searchbox', { name: en.captions.search }).fill('the end');
    await page.locator('.transcript li button').click();
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) >= 15);
    await page.reload();
    await shown.getByText('Hola ondas').waitFor();
  });
});
