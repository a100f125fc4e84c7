import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { processTree, until } from '#engine/testing';
import { en } from '../../text/en.ts';
import { checkPlaylists } from '../checkPlaylists.ts';
import { it } from '../classroomTest.ts';
import { decodeErrors } from '../decodePlaylist.ts';
import { playToEnd } from '../replay.ts';
import { openUnresponsiveServer } from '../unresponsiveServer.ts';
import type { UnresponsiveServer } from '../unresponsiveServer.ts';
import { damagesOf, leftoversOf, mediaEndMs, unexpectedTracks } from './auditProgram.ts';
import { isThere } from './childProcesses.ts';
import { seededRandom, trialSeed } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';
import { WatchedLecture } from './WatchedLecture.ts';

/** A server that takes longer than its 25 s ends with a status other than 0. */
const stopsWithinMs = 60_000;
/** From the camera to the recorder: a frame or two of an encoder, a second of a browser whose track was just opened. */
const flushedToMs = 700;
const lengthToleranceSeconds = 8;

type Scenario = 'RTMP, folder' | 'browser, folder' | 'RTMP, S3 that does not respond';

/** Stops of each scenario. */
const stops: Record<Scenario, number> = {
  'RTMP, folder': trialSize({ short: 0, long: 8 }),
  'browser, folder': trialSize({ short: 1, long: 8 }),
  'RTMP, S3 that does not respond': trialSize({ short: 0, long: 4 }),
};
const scenarios = (Object.keys(stops) as Scenario[]).filter((scenario) => stops[scenario] > 0);

const random = seededRandom(trialSeed('stopping'));
const report = new TrialReport('stopping');
const playbackReport = new TrialReport('stopping-playback');
let store: UnresponsiveServer;

it.beforeAll(async () => {
  store = await openUnresponsiveServer();
});
it.afterAll(() => store.close());

describe.each(scenarios)('a server that is stopped in the middle of a lecture (%s)', (scenario) => {
  let lecture: WatchedLecture;

  it.beforeAll(async ({ browser }) => {
    const s3 = { LECTERN_S3_ENDPOINT: store.url, LECTERN_S3_BUCKET: 'nowhere', LECTERN_S3_ACCESS_KEY_ID: 'key', LECTERN_S3_SECRET_ACCESS_KEY: 'secret' };
    const source = scenario.startsWith('RTMP') ? 'RTMP' : 'browser';
    // Nothing can be in that store: all of the recording is in the spool, which the audit reads without the store.
    lecture = await WatchedLecture.open({ source, browser, settings: scenario.includes('S3') ? s3 : {}, auditSettings: {} });
    await lecture.videoResumed(0);
  });

  it.afterAll(() => lecture?.close());

  it('writes everything to the disk, notifies the viewers, ends, and goes on when it starts again', async () => {
    for (let stop = 1; stop <= stops[scenario]; stop += 1) {
      await sleep(2000 + random() * trialSize({ short: 1000, long: 4000 }));
      const { classroom, room } = lecture;
      const children = processTree(classroom.server.pid ?? 0).slice(1);
      const isNotified = room.getByText(en.room.serverRestarting).waitFor({ timeout: stopsWithinMs }).then(() => true, () => false);
      const stoppedAtMs = Date.now();
      const exit = await classroom.server.stop();
      const stoppedAfterMs = Date.now() - stoppedAtMs;
      const verdict = await lecture.audit();
      const lostMs = Math.round(stoppedAtMs - lecture.startedAtMs - mediaEndMs(verdict));
      const startMs = Date.now();
      await classroom.restart();
      const backAfterMs = (await lecture.videoResumed(startMs)) - startMs;
      const row = {
        scenario,
        'stopped after ms': stoppedAfterMs,
        status: exit.code ?? String(exit.signal),
        'media missing at the end ms': lostMs,
        'segments not stored': verdict.recordings[0]?.waiting ?? 0,
        audit: [...damagesOf(verdict), ...unexpectedTracks(verdict)].join('; ') || 'whole',
        'page gave the reason': await isNotified,
        'processes left': children.filter(({ pid }) => isThere(pid)).map(({ command }) => command).join(', ') || 'none',
        'video back after ms': backAfterMs,
      };
      report.add(row);
      process.stdout.write(`[stopping] ${stop} ${JSON.stringify(row)}\n`);
      expect.soft(row).toMatchObject({ status: 0, audit: 'whole', 'page gave the reason': true, 'processes left': 'none' });
      if (isLongRun) expect.soft(lostMs).toBeLessThan(flushedToMs);
      expect.soft(leftoversOf(verdict)).toBe('none');
      expect.soft(await lecture.hasNeverReloaded()).toBe(true);
      await until('the lecture to be live', async () => (await classroom.ada.api.getLecture({ params: { lectureId: lecture.lectureId } })).state === 'live');
    }
  });

  it('has one recording with valid playlists, which plays through in Chromium and in ffmpeg', async () => {
    const { videoId, startedAt, endedAt } = await lecture.classroom.endRecorded(lecture.lectureId);
    await lecture.stopSource();
    const { videos } = await lecture.student.api.listVideos({ params: { courseId: lecture.classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    const { tracks } = await lecture.student.api.getPlayback({ params: { videoId } });
    const url = `${lecture.classroom.server.url}${tracks[0]?.masterUrl ?? ''}`;
    const problems = await checkPlaylists(url);
    const page = await lecture.classroom.openPage(lecture.student, `/watch/${videoId}`);
    const [errors, { durationSeconds, playedSeconds }] = await Promise.all([decodeErrors(url), playToEnd(page.locator('video').first())]);
    const lectureSeconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
    const row = { scenario, 'lecture s': seconds(lectureSeconds), 'replay s': seconds(durationSeconds), 'played in Chromium s': seconds(playedSeconds), playlists: problems.join('; ') || 'valid', 'errors of ffmpeg': errors.trim() || 'none' };
    playbackReport.add(row);
    process.stdout.write(`[stopping] ${JSON.stringify(row)}\n`);
    expect.soft(row).toMatchObject({ playlists: 'valid', 'errors of ffmpeg': 'none' });
    expect.soft(Math.abs(durationSeconds - playedSeconds)).toBeLessThan(1);
    expect.soft(durationSeconds - lectureSeconds).toBeLessThan(lengthToleranceSeconds);
    // How early the first frame comes, and how late the last one, depends on the machine.
    if (isLongRun) expect.soft(lectureSeconds - durationSeconds).toBeLessThan(lengthToleranceSeconds);
  });
});

function seconds(value: number): string {
  return value.toFixed(1);
}
