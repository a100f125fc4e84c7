import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { en } from '../../text/en.ts';
import { checkPlaylists } from '../checkPlaylists.ts';
import { Classroom } from '../Classroom.ts';
import { beepTimes, flashTimes, median, offsetsMs, videoTimes } from '../flashTimes.ts';
import { installFrameWatch } from '../frameWatch.ts';
import { playToEnd } from '../replay.ts';
import { decodeTimes, stepsBack } from '../decodePlaylist.ts';
import { EncoderNetwork } from './EncoderNetwork.ts';
import { planDrops } from './planDrops.ts';
import type { Drop } from './planDrops.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

const seed = Number(process.env.LECTERN_TRIAL_SEED ?? 3);
const drops = planDrops({ count: trialSize({ short: 5, long: 20 }), longestSeconds: trialSize({ short: 8, long: 240 }), seed });
const steadyMs = trialSize({ short: 3500, long: 60_000 });
/** ffmpeg takes about so long from its start to its first frame. */
const encoderStartMs = 600;
/** The server takes 3 s to notice a silent encoder. */
const toldWithinMs = 5000;
const backWithinMs = 6000;
const segmentSeconds = 2;
/** ITU-R BT.1359: what people begin to notice. */
const noticedMs = 80;

interface Dropped extends Drop {
  blowAtMs: number;
  returnAtMs: number;
  toldAfterMs: number | undefined;
  backAfterMs: number;
}

describe(`an encoder that drops ${drops.length} times in a lecture (seed ${seed})`, () => {
  const report = new TrialReport('drops');
  const dropped: Dropped[] = [];
  let classroom: Classroom;
  let cable: EncoderNetwork;
  let noor: Person;
  let lectureId: LectureId;
  let room: Page;
  let encoder: SyntheticEncoder;
  let streamUrl: string;

  const push = () => new SyntheticEncoder({ url: cable.through(streamUrl), profile: 'gentle', shows: 'flash', sizePx: '640x360' });
  const pictureAfter = (ms: number) => room.evaluate((fromMs) => window.frameWatch.pictures.find((at) => at > fromMs), ms);

  beforeAll(async () => {
    classroom = await Classroom.open();
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    streamUrl = await classroom.streamUrl();
    cable = await EncoderNetwork.lay(Number(new URL(streamUrl).port));
    encoder = push();
    room = await classroom.openPage(noor, '/');
    await room.addInitScript(installFrameWatch);
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the picture', () => pictureAfter(0), 30_000);
    await room.evaluate(() => Object.assign(window, { isSamePage: true }));
    await room.waitForTimeout(steadyMs);
  });

  afterAll(async () => {
    await encoder.stop('SIGKILL');
    await cable.close();
    await classroom.close();
  });

  const strike = async ({ kind }: Drop) => {
    if (kind === 'cable cut') cable.cut();
    if (kind === 'crashed') cable.crash();
    await encoder.stop(kind === 'stopped' ? 'SIGTERM' : 'SIGKILL');
  };

  const live = async (drop: Drop): Promise<Dropped> => {
    await strike(drop);
    const blowAtMs = cable.lastSentAtMs;
    const told = room.getByText(en.room.instructorReconnecting).first().waitFor({ timeout: drop.gapSeconds * 1000 + 1000 }).then(() => Date.now() - blowAtMs, () => undefined);
    await room.waitForTimeout(Math.max(0, blowAtMs + drop.gapSeconds * 1000 - encoderStartMs - Date.now()));
    cable.sourceAddress = drop.address;
    cable.mediaSinceMs = undefined;
    encoder = push();
    const returnAtMs = await until('media to come again', () => cable.mediaSinceMs, 20_000);
    const backAtMs = await until('the picture to return', () => pictureAfter(returnAtMs), 20_000);
    await until('nothing over the picture', async () => (await room.getByText(en.room.instructorReconnecting).count()) === 0);
    await room.waitForTimeout(steadyMs);
    return { ...drop, blowAtMs, returnAtMs, toldAfterMs: await told, backAfterMs: backAtMs - returnAtMs };
  };

  it('is taken back each time, while those who watch are told and see the picture again without doing anything', async () => {
    for (const drop of drops) dropped.push(await live(drop));
    for (const { kind, returnAtMs, blowAtMs, toldAfterMs, backAfterMs } of dropped) {
      if (returnAtMs - blowAtMs > toldWithinMs || kind !== 'cable cut') expect(toldAfterMs, kind).toBeLessThan(toldWithinMs);
      expect(backAfterMs, kind).toBeLessThan(backWithinMs);
    }
    expect(await room.evaluate(() => 'isSamePage' in window)).toBe(true);
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
    const blows = dropped.map((drop) => onTimeline(drop, Date.parse(startedAt ?? '')));
    const rows = await judged(url, blows);
    for (const row of rows) report.add(row);
    for (const [index, row] of rows.entries()) {
      expect(row['gap in the recording, s'], JSON.stringify(row)).toBeGreaterThan(row['real gap, s'] - segmentSeconds);
      expect(row['gap in the recording, s'], JSON.stringify(row)).toBeLessThan(row['real gap, s'] + segmentSeconds);
      expect(Math.abs(row['gap begins, s'] - (blows[index]?.blowSeconds ?? 0)), JSON.stringify(row)).toBeLessThan(segmentSeconds);
      expect(Math.abs(row['sound after picture, ms']), JSON.stringify(row)).toBeLessThanOrEqual(noticedMs);
    }
  });

  it('plays through to the end', async () => {
    const { videos } = await noor.api.listVideos({ params: { courseId: classroom.courseId } });
    const page = await classroom.openPage(noor, `/watch/${videos[0]?.id ?? ''}`);
    const { durationSeconds, bufferedSeconds } = await playToEnd(page.locator('video').first());
    expect(durationSeconds - bufferedSeconds).toBeLessThan(1);
  });
});

interface Hole {
  fromSeconds: number;
  seconds: number;
}

/** A picture every 33 ms but for the holes. */
function holesIn(times: readonly number[]): Hole[] {
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    return before !== undefined && time - before > 0.5 ? [{ fromSeconds: before, seconds: time - before }] : [];
  });
}

interface Blow extends Dropped {
  /** On the recording's timeline. */
  blowSeconds: number;
  returnSeconds: number;
}

function onTimeline(drop: Dropped, zeroMs: number): Blow {
  return { ...drop, blowSeconds: (drop.blowAtMs - zeroMs) / 1000, returnSeconds: (drop.returnAtMs - zeroMs) / 1000 };
}

/** One row for each blow; there are as many holes in the recording, or it throws. */
async function judged(url: string, blows: readonly Blow[]) {
  // The first picture stands from the lecture's start, when it comes a little later.
  const holes = holesIn(await videoTimes(url)).filter(({ fromSeconds }) => fromSeconds > (blows[0]?.blowSeconds ?? 0) - segmentSeconds);
  expect(holes).toHaveLength(blows.length);
  const [flashes, beeps] = [await flashTimes(url), await beepTimes(url)];
  return blows.map((blow, index) => {
    const nextSeconds = blows[index + 1]?.blowSeconds ?? Infinity;
    const steady = flashes.filter((seconds) => seconds > blow.returnSeconds && seconds < nextSeconds);
    return {
      kind: blow.kind,
      'came back from': blow.address,
      'real gap, s': round(blow.returnSeconds - blow.blowSeconds),
      'gap in the recording, s': round(holes[index]?.seconds ?? 0),
      'gap begins, s': round(holes[index]?.fromSeconds ?? 0),
      'page told after, s': blow.toldAfterMs === undefined ? 'back before that' : round(blow.toldAfterMs / 1000),
      'picture back after, s': round(blow.backAfterMs / 1000),
      'sound after picture, ms': Math.round(median(offsetsMs(steady, beeps))),
    };
  });
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
