import { describe, expect } from 'vitest';
import { until } from '#engine/testing';
import { en } from '../text/en.ts';
import { it } from './classroomTest.ts';
import { goLive } from './goLive.ts';

/** A busy machine takes several times as long as a quiet one. */
const patient = { timeout: 60_000 };

describe('a quiz', () => {
  it('is made, taken by three students in a video and on its own, graded and exported', async ({ classroom }) => {
    const { ada, courseId } = classroom;
    const [vic, will, xena] = await Promise.all(['Vic', 'Will', 'Xena'].map((name) => classroom.student(name)));
    if (!vic || !will || !xena) throw new Error('three students');
    const lectureId = await classroom.startLecture('Refraction');
    await goLive(classroom, lectureId);
    const videoOf = async () => (await ada.api.listVideos({ params: { courseId } })).videos.find((video) => video.lectureId === lectureId && video.durationSeconds > 3);
    await until('three seconds of video', async () => (await videoOf()) !== undefined, 60_000);

    // Made by keyboard and mouse in the editor.
    const page = await classroom.openPage(ada, `/courses/${courseId}?tab=quizzes`);
    await page.getByRole('button', { name: en.quizzes.create }).click();
    await page.getByRole('dialog').getByLabel(en.quizzes.name).fill('Lenses');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: en.quizzes.editor.title }).waitFor();
    await page.getByRole('button', { name: en.quizzes.editor.add }).click();
    const first = page.getByRole('group', { name: en.quizzes.editor.question(1) });
    await first.getByLabel(en.quizzes.editor.prompt, { exact: true }).fill('Which lens gathers **light**?');
    await first.getByLabel(en.quizzes.editor.option(1), { exact: true }).fill('Convex');
    await first.getByLabel(en.quizzes.editor.option(2), { exact: true }).fill('Concave');
    await page.getByRole('button', { name: en.quizzes.editor.add }).click();
    const second = page.getByRole('group', { name: en.quizzes.editor.question(2) });
    await second.getByLabel(en.quizzes.editor.kind).selectOption('text');
    await second.getByLabel(en.quizzes.editor.prompt, { exact: true }).fill('Why?');
    await page.getByRole('button', { name: en.quizzes.publish }).click();
    await page.getByText(en.quizzes.published).waitFor();
    const [quiz] = (await ada.api.listQuizzes({ params: { courseId } })).quizzes;
    const params = { courseId, quizId: quiz?.id ?? '' };
    const { questions } = await ada.api.getQuiz({ params });
    const { videoId } = await classroom.endRecorded(lectureId);
    await ada.api.addVideoQuestion({ params: { videoId }, body: { quizId: params.quizId, questionIds: [questions[0]?.id ?? ''], atSeconds: 1, isRequired: true } });

    // In the video: it pauses at the question, and goes on after the answer.
    for (const student of [vic, will]) {
      const replay = await classroom.openPage(student, `/watch/${videoId}`);
      await until('the question', async () => {
        if (await replay.getByRole('button', { name: en.watch.play, exact: true }).first().isVisible()) await replay.getByRole('button', { name: en.watch.play, exact: true }).first().click();
        return replay.getByRole('dialog', { name: en.quizzes.video.title }).isVisible();
      }, 60_000);
      const dialog = replay.getByRole('dialog', { name: en.quizzes.video.title });
      expect(await replay.locator('video').first().evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
      await dialog.getByRole('radio', { name: student === vic ? 'Convex' : 'Concave' }).check({ force: true });
      await dialog.getByRole('button', { name: en.quizzes.video.answer }).click();
      await dialog.getByRole('button', { name: en.quizzes.video.continue }).click(patient);
      await replay.getByRole('button', { name: en.quizzes.video.at('0:01', true) }).waitFor(patient);
      await replay.close();
    }

    // On its own: an answer is saved when it is given, and is there after a reload.
    const own = await classroom.openPage(xena, `/courses/${courseId}/quizzes/${params.quizId}`);
    await own.getByRole('button', { name: en.quizzes.start }).click();
    await own.getByRole('radio', { name: 'Convex' }).check({ force: true });
    await own.getByText(en.quizzes.taking.saved).waitFor(patient);
    await own.reload();
    await own.getByRole('button', { name: en.quizzes.resume }).click(patient);
    await own.getByText(en.quizzes.taking.answered(1, 2)).waitFor(patient);
    await own.getByRole('textbox').fill('It is thicker in the middle.');
    await own.getByText(en.quizzes.taking.answered(2, 2)).waitFor(patient);
    await own.getByRole('button', { name: en.quizzes.taking.handIn }).click();
    await own.getByRole('dialog').getByRole('button', { name: en.quizzes.taking.handIn }).click();
    await own.getByText(en.quizzes.toBeGraded).first().waitFor(patient);

    // Graded by a person and exported.
    await page.goto(`${classroom.url}/courses/${courseId}/quizzes/${params.quizId}/results`);
    const row = page.getByRole('row', { name: /Xena/ });
    await row.getByRole('button', { name: en.quizzes.table.grade }).click(patient);
    const grading = page.getByRole('dialog');
    await grading.getByLabel(en.quizzes.table.points).last().fill('0.5');
    await grading.getByRole('button', { name: en.quizzes.table.saveGrade }).last().click();
    await page.getByText(en.quizzes.table.graded).waitFor(patient);
    await page.keyboard.press('Escape');
    await row.getByText(en.quizzes.pointsOf('1.5', '2')).waitFor(patient);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: en.quizzes.table.download }).click();
    expect((await download).suggestedFilename()).toBe('quiz-results.csv');
    const { csv } = await ada.api.exportQuizResults({ params });
    const points = csv.trim().split('\r\n').slice(1).map((line) => [/^"([^"]*)"/.exec(line)?.[1], line.split(',')[5]]);
    expect(points).toEqual([['Vic', '1'], ['Will', '0'], ['Xena', '1.5']]);
  });
});
