import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { pushWithFfmpeg } from '../../../ingest/testing/index.ts';
import type { Push } from '../../../ingest/testing/index.ts';
import { checkPlaylists } from '../checkPlaylists.ts';
import type { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { coloursIn, recordedColours } from '../colours.ts';
import type { Colour } from '../colours.ts';
import { decodeErrors } from '../decodePlaylist.ts';
import { loudestTone } from '../mediaProbes.ts';
import { recordedTones } from '../recordedTones.ts';
import { playToEnd } from '../replay.ts';
import { pushArguments, sources, stepColours, stepHz, stepSeconds } from './sourceMatrix.ts';
import type { Source } from './sourceMatrix.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

const parallel = trialSize({ short: 3, long: 2 });
const minPushedMs = 3 * stepSeconds * 1000;
const seenWithinMs = 120_000;
/** Largest offset between audio and video in the recording. Samples are 0.1 and 0.2 s apart, and a slow source has few frames. */
const syncSeconds = 0.35;
const toleranceHz = 60;

const batches = (all: readonly Source[]): Source[][] => Array.from({ length: Math.ceil(all.length / parallel) }, (_, index) => all.slice(index * parallel, (index + 1) * parallel));

describe('sources of every kind', () => {
  const report = new TrialReport('sources');
  let classroom: Classroom;
  let noor: Person;

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    noor = await classroom.student('Noor');
    // She signs in once, before several pages open at the same time.
    await (await classroom.openPage(noor, '/')).close();
  });

  it.for(batches(isLongRun ? sources.long : sources.short))('are seen by an early and a late student, recorded and replayed', async (batch) => {
    const rows = await Promise.all(batch.map((source) => tryOut(source)));
    for (const row of rows) report.add(row);
    expect(rows).toEqual(batch.map(({ what }) => ({ source: what, 'seen early': true, 'seen late': true, problems: '', 'recorded steps': 'in sync', 'replay in Chromium': 'to its end, in sync' })));
  });

  async function tryOut(source: Source) {
    const courseId = await classroom.addCourse(source.what, [noor]);
    const lectureId = await classroom.startLecture(source.what, courseId);
    const push = pushWithFfmpeg(await classroom.streamUrl(courseId), pushArguments(source));
    try {
      const live = await watchLive(lectureId, push).catch((err: unknown) => ({ 'seen early': String(err), 'seen late': '' }));
      const { videoId } = await endRecorded(lectureId, push);
      const { tracks } = await noor.api.getPlayback({ params: { videoId } });
      const url = `${classroom.server.url}${tracks[0]?.masterUrl}`;
      const problems = [...(await checkPlaylists(url)), await decodeErrors(url)].filter((problem) => problem !== '').join('; ');
      const recorded = await stepsOf(url);
      return { source: source.what, ...live, problems, 'recorded steps': recorded.verdict, 'replay in Chromium': await replay(`/watch/${videoId}`, recorded.firstStepSeconds) };
    } finally {
      await push.stop();
    }
  }

  /** One student watches from the beginning; another joins later. */
  async function watchLive(lectureId: LectureId, push: Push) {
    const startedAtMs = Date.now();
    const hasEnded = push.ended.then(({ text }) => {
      throw new Error(`the encoder ended: ${text}`);
    });
    const early = await classroom.openPage(noor, `/live/${lectureId}`);
    const sees = async (page: Page, colour: (seen: Colour | 'black') => boolean, what: string) => {
      await Promise.race([until(what, async () => (await coloursIn(page)).some(colour), seenWithinMs), hasEnded]);
    };
    await sees(early, (seen) => seen === 'red', 'the first colour');
    await sees(early, (seen) => seen === 'green', 'the second colour');
    const late = await classroom.openPage(noor, `/live/${lectureId}`);
    await sees(late, (seen) => stepColours.some((colour) => colour === seen), 'the video of a late student');
    await sees(early, (seen) => seen === 'blue', 'the third colour');
    await late.close();
    await early.close();
    await until('enough of it', () => Date.now() - startedAtMs > minPushedMs + stepSeconds * 1000);
    return { 'seen early': true, 'seen late': true };
  }

  async function endRecorded(lectureId: LectureId, push: Push) {
    const ended = classroom.endRecorded(lectureId);
    await push.stop();
    return ended;
  }

  /** Finds the start of the first step, and checks that each later step begins in audio and video at the same time. */
  async function stepsOf(url: string): Promise<{ firstStepSeconds: number; verdict: string }> {
    const [colourAt, toneAt] = [await recordedColours(url), await recordedTones(url)];
    const firstOf = (isThere: (seconds: number) => boolean, from: number) => {
      for (let seconds = from; seconds < from + 30; seconds += 0.1) if (isThere(seconds)) return seconds;
      return Infinity;
    };
    const second = firstOf((seconds) => colourAt(seconds) === stepColours[1], 0);
    const firstStepSeconds = second - stepSeconds;
    const found: string[] = [];
    for (const step of [1, 2]) {
      const begins = firstStepSeconds + step * stepSeconds;
      const shown = firstOf((seconds) => colourAt(seconds) === stepColours[step], begins - 2);
      const heard = firstOf((seconds) => Math.abs(toneAt(seconds) - (stepHz[step] ?? 0)) < toleranceHz, begins - 2);
      if (Math.abs(shown - begins) > syncSeconds) found.push(`${stepColours[step]} at ${shown.toFixed(1)} s instead of ${begins.toFixed(1)} s`);
      if (Math.abs(heard - shown) > syncSeconds) found.push(`${stepHz[step]} Hz at ${heard.toFixed(1)} s, ${stepColours[step]} at ${shown.toFixed(1)} s`);
    }
    return { firstStepSeconds, verdict: found.join('; ') || 'in sync' };
  }

  /** Plays the replay to its end. Then checks the colour in the middle of each step, and the tone of the second step. */
  async function replay(address: string, firstStepSeconds: number): Promise<string> {
    const page = await classroom.openPage(noor, address);
    const video = page.locator('video').first();
    const found: string[] = [];
    const { durationSeconds, playedSeconds } = await playToEnd(video);
    if (playedSeconds < durationSeconds - 1) found.push(`played ${playedSeconds.toFixed(1)} s of ${durationSeconds.toFixed(1)} s`);
    for (const step of [0, 1, 2]) {
      const middle = firstStepSeconds + (step + 0.4) * stepSeconds;
      await video.evaluate((element: HTMLVideoElement, to) => {
        element.playbackRate = 1;
        element.pause();
        element.currentTime = to;
      }, middle);
      const isShown = until('the frame', async () => (await coloursIn(page))[0] === stepColours[step], 20_000).then(() => true, () => false);
      if (!(await isShown)) found.push(`${(await coloursIn(page))[0]} at ${middle.toFixed(1)} s instead of ${stepColours[step]}`);
    }
    const [middle, expected] = [firstStepSeconds + 1.3 * stepSeconds, stepHz[1]];
    await video.evaluate((element: HTMLVideoElement, to) => {
      element.currentTime = to;
      element.muted = false;
      void element.play().catch(() => undefined);
    }, middle);
    await until('the second step to play', () => video.evaluate((element: HTMLVideoElement, to) => element.currentTime > to, middle));
    const { hz } = await loudestTone(video);
    if (Math.abs(hz - expected) > toleranceHz) found.push(`${hz.toFixed(0)} Hz at ${middle.toFixed(1)} s instead of ${expected} Hz`);
    await page.close();
    return found.join('; ') || 'to its end, in sync';
  }
});

