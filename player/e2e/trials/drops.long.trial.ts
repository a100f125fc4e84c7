import { describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { en } from '../../text/en.ts';
import { checkPlaylists } from '../checkPlaylists.ts';
import type { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { decodeTimes, stepsBack } from '../decodePlaylist.ts';
import { beepTimes, flashTimes, median, offsetsMs, videoTimes } from '../flashTimes.ts';
import { seenIn, watchFrames } from '../frameWatch.ts';
import { playToEnd } from '../replay.ts';
import { EncoderNetwork } from './EncoderNetwork.ts';
import { planDrops } from './planDrops.ts';
import type { Drop } from './planDrops.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

const seed = Number(process.env.LECTERN_TRIAL_SEED ?? 3);
const drops = planDrops({ count: trialSize({ short: 2, long: 20 }), longestSeconds: trialSize({ short: 4, long: 240 }), seed });
const steadyMs = trialSize({ short: 2000, long: 60_000 });
/** ffmpeg takes about so long from its start to its first frame. */
const encoderStartMs = 600;
/** The server notices a silent encoder after 3 s. */
const notifiedWithinMs = 5000;
const backWithinMs = 6000;
/** A gap begins and ends with a segment; frames that a busy machine delays move it. */
const gapToleranceSeconds = trialSize({ short: 4, long: 2 });
/** ITU-R BT.1359: viewers begin to notice at this offset. */
const noticeableMs = 80;

interface Dropped extends Drop {
  droppedAtMs: number;
  returnAtMs: number;
  notifiedAfterMs: number | undefined;
  backAfterMs: number;
}

describe(`an encoder that drops ${drops.length} times in a lecture (seed ${seed})`, () => {
  const report = new TrialReport('drops');
  const dropped: Dropped[] = [];
  let classroom: Classroom;
  let network: EncoderNetwork;
  let noor: Person;
  let lectureId: LectureId;
  let room: Page;
  let encoder: SyntheticEncoder;
  let streamUrl: string;

  const push = () => new SyntheticEncoder({ url: network.addressThrough(streamUrl), profile: 'gentle', shows: 'flash', sizePx: '320x180' });
  const frameAfter = async (ms: number) => (await seenIn(room, ms)).frames[0];

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    streamUrl = await classroom.streamUrl();
    network = await EncoderNetwork.open(Number(new URL(streamUrl).port));
    encoder = push();
    room = await classroom.openPage(noor, '/');
    await watchFrames(room);
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the video', () => frameAfter(0), 60_000);
    await room.evaluate(() => Object.assign(window, { isSamePage: true }));
    await room.waitForTimeout(steadyMs);
  });

  it.afterAll(async () => {
    await encoder.stop('SIGKILL');
    await network.close();
  });

  const dropEncoder = async ({ kind }: Drop) => {
    if (kind === 'network cut') network.cut();
    if (kind === 'crashed') network.reset();
    await encoder.stop(kind === 'stopped' ? 'SIGTERM' : 'SIGKILL');
  };

  const dropAndReturn = async (drop: Drop): Promise<Dropped> => {
    await dropEncoder(drop);
    const droppedAtMs = network.lastSentAtMs;
    const notified = room.getByText(en.room.instructorReconnecting).first().waitFor({ timeout: drop.gapSeconds * 1000 + 1000 }).then(() => Date.now() - droppedAtMs, () => undefined);
    await room.waitForTimeout(Math.max(0, droppedAtMs + drop.gapSeconds * 1000 - encoderStartMs - Date.now()));
    network.sourceAddress = drop.address;
    network.mediaSinceMs = undefined;
    encoder = push();
    const returnAtMs = await until('media to come again', () => network.mediaSinceMs);
    const backAtMs = await until('the video to return', () => frameAfter(returnAtMs));
    await until('the notice over the video to go', async () => (await room.getByText(en.room.instructorReconnecting).count()) === 0);
    await room.waitForTimeout(steadyMs);
    return { ...drop, droppedAtMs, returnAtMs, notifiedAfterMs: await notified, backAfterMs: backAtMs - returnAtMs };
  };

  it('is accepted again each time, and the page of a viewer shows its video without a reload', async () => {
    for (const drop of drops) dropped.push(await dropAndReturn(drop));
    expect(await room.evaluate(() => 'isSamePage' in window)).toBe(true);
    if (isLongRun) {
      for (const { kind, returnAtMs, droppedAtMs, notifiedAfterMs, backAfterMs } of dropped) {
        if (returnAtMs - droppedAtMs > notifiedWithinMs || kind !== 'network cut') expect(notifiedAfterMs, kind).toBeLessThan(notifiedWithinMs);
        expect(backAfterMs, kind).toBeLessThan(backWithinMs);
      }
    }
  });

  it('leaves one recording with each gap as long as it was, in sync after each return', async () => {
    await encoder.stop();
    const { videoId, startedAt } = await classroom.endRecorded(lectureId);
    const { videos } = await noor.api.listVideos({ params: { courseId: classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    const { tracks } = await noor.api.getPlayback({ params: { videoId } });
    const url = `${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`;
    expect(await checkPlaylists(url)).toEqual([]);
    for (const track of ['main-video', 'main-audio']) expect(stepsBack(await decodeTimes(url.replace('main.m3u8', `${track}.m3u8`)))).toEqual([]);
    const onTimeline = dropped.map((drop) => placeOnTimeline(drop, Date.parse(startedAt ?? '')));
    const rows = await rowsOf(url, onTimeline);
    for (const row of rows) report.add(row);
    for (const [index, row] of rows.entries()) {
      expect(row['gap in the recording s'], JSON.stringify(row)).toBeGreaterThan(row['real gap s'] - gapToleranceSeconds);
      expect(row['gap in the recording s'], JSON.stringify(row)).toBeLessThan(row['real gap s'] + gapToleranceSeconds);
      expect(Math.abs(row['gap begins s'] - (onTimeline[index]?.dropSeconds ?? 0)), JSON.stringify(row)).toBeLessThan(gapToleranceSeconds);
      expect(Math.abs(row['audio after video ms']), JSON.stringify(row)).toBeLessThanOrEqual(noticeableMs);
    }
  });

  it('has a replay that plays through to its end', async () => {
    const { videos } = await noor.api.listVideos({ params: { courseId: classroom.courseId } });
    const page = await classroom.openPage(noor, `/watch/${videos[0]?.id ?? ''}`);
    const { durationSeconds, playedSeconds } = await playToEnd(page.locator('video').first());
    expect(durationSeconds - playedSeconds).toBeLessThan(1);
  });
});

interface Gap {
  fromSeconds: number;
  seconds: number;
}

/** There is a frame every 33 ms outside of gaps. */
function gapsIn(times: readonly number[]): Gap[] {
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    return before !== undefined && time - before > 0.5 ? [{ fromSeconds: before, seconds: time - before }] : [];
  });
}

interface PlacedDrop extends Dropped {
  /** On the recording's timeline. */
  dropSeconds: number;
  returnSeconds: number;
}

function placeOnTimeline(drop: Dropped, zeroMs: number): PlacedDrop {
  return { ...drop, dropSeconds: (drop.droppedAtMs - zeroMs) / 1000, returnSeconds: (drop.returnAtMs - zeroMs) / 1000 };
}

/** One row for each drop. Fails when the recording has another number of gaps. */
async function rowsOf(url: string, drops: readonly PlacedDrop[]) {
  // The first frame is shown from the start of the lecture on, where it comes a little later.
  const gaps = gapsIn(await videoTimes(url)).filter(({ fromSeconds }) => fromSeconds > (drops[0]?.dropSeconds ?? 0) - gapToleranceSeconds);
  expect(gaps).toHaveLength(drops.length);
  const [flashes, beeps] = [await flashTimes(url), await beepTimes(url)];
  return drops.map((drop, index) => {
    const nextSeconds = drops[index + 1]?.dropSeconds ?? Infinity;
    const steady = flashes.filter((seconds) => seconds > drop.returnSeconds && seconds < nextSeconds);
    return {
      kind: drop.kind,
      'came back from': drop.address,
      'real gap s': round(drop.returnSeconds - drop.dropSeconds),
      'gap in the recording s': round(gaps[index]?.seconds ?? 0),
      'gap begins s': round(gaps[index]?.fromSeconds ?? 0),
      'page notified after s': drop.notifiedAfterMs === undefined ? 'back before that' : round(drop.notifiedAfterMs / 1000),
      'video back after s': round(drop.backAfterMs / 1000),
      'audio after video ms': Math.round(median(offsetsMs(steady, beeps))),
    };
  });
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
