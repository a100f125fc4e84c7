import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processTree, until } from '#engine/testing';
import { en } from '../../text/en.ts';
import { checkPlaylists } from '../checkPlaylists.ts';
import { playToEnd } from '../replay.ts';
import { damagesOf, leftoversOf, mediaEndMs, tracksAmiss } from './auditProgram.ts';
import { isThere } from './childProcesses.ts';
import { WatchedLecture } from './WatchedLecture.ts';
import { playInFfmpeg } from './playInFfmpeg.ts';
import { seededRandom, trialSeed } from './seededRandom.ts';
import { pause } from './killServer.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

/** What a service manager gives it (docker: 10 s by default, systemd: 90 s; ours says 25 s). */
const stopsWithinMs = 25_000;
/** From the camera to the recorder: a frame or two of an encoder, a second of a browser whose track is opened. */
const flushedToMs = 700;
const backWithinMs = 30_000;

type Scene = 'RTMP, folder' | 'browser, folder' | 'RTMP, S3 that does not answer';

/** Stops of each scene. */
const stops: Record<Scene, number> = {
  'RTMP, folder': trialSize({ short: 1, long: 8 }),
  'browser, folder': trialSize({ short: 1, long: 8 }),
  'RTMP, S3 that does not answer': trialSize({ short: 1, long: 4 }),
};

const seed = trialSeed();
const random = seededRandom(seed);
const report = new TrialReport('stopping');
const playbackReport = new TrialReport('stopping-playback');
let silent: SilentServer;

beforeAll(async () => {
  process.stdout.write(`[stopping] LECTERN_TRIAL_SEED=${seed}\n`);
  silent = await silentServer();
});
afterAll(() => silent.close());

describe.each(Object.keys(stops) as Scene[])('a server that is asked to stop in the middle of a lecture (%s)', (scene) => {
  let lecture: WatchedLecture;

  beforeAll(async () => {
    const store = { LECTERN_S3_ENDPOINT: silent.url, LECTERN_S3_BUCKET: 'nowhere', LECTERN_S3_ACCESS_KEY_ID: 'key', LECTERN_S3_SECRET_ACCESS_KEY: 'secret' };
    const source = scene.startsWith('RTMP') ? 'RTMP' : 'browser';
    // Nothing of it can be in that store: what there is lies in the spool, and can be looked at without the store.
    lecture = await WatchedLecture.open({ source, settings: scene.includes('S3') ? store : {}, auditSettings: {} });
    await lecture.videoResumed(0, backWithinMs);
  });

  afterAll(() => lecture.close());

  it('brings everything to the disk, says so to who watches, ends in time, and goes on when it starts again', async () => {
    for (let stop = 1; stop <= stops[scene]; stop += 1) {
      await pause(2000 + random() * 4000);
      const { classroom, room } = lecture;
      const children = processTree(classroom.server.pid ?? 0).slice(1);
      const told = room.getByText(en.room.serverRestarting).waitFor({ timeout: stopsWithinMs }).then(() => true, () => false);
      const stoppedAtMs = Date.now();
      const exit = await classroom.server.stop();
      const stoppedAfterMs = Date.now() - stoppedAtMs;
      const verdict = await lecture.audit();
      const lostMs = Math.round(stoppedAtMs - lecture.startedAtMs - mediaEndMs(verdict));
      const startMs = Date.now();
      await classroom.restart();
      const backAfterMs = (await lecture.videoResumed(startMs, backWithinMs)) - startMs;
      const row = {
        scene,
        'stopped after ms': stoppedAfterMs,
        status: exit.code ?? String(exit.signal),
        'media missing at the end ms': lostMs,
        'segments to store': verdict.recordings[0]?.waiting ?? 0,
        audit: [...damagesOf(verdict), ...tracksAmiss(verdict)].join('; ') || 'whole',
        'page said why': await told,
        'processes left': children.filter(({ pid }) => isThere(pid)).map(({ command }) => command).join(', ') || 'none',
        'picture back after ms': backAfterMs,
      };
      report.add(row);
      process.stdout.write(`[stopping] ${stop} ${JSON.stringify(row)}\n`);
      expect.soft(row).toMatchObject({ status: 0, audit: 'whole', 'page said why': true, 'processes left': 'none' });
      expect.soft(stoppedAfterMs).toBeLessThan(stopsWithinMs);
      expect.soft(lostMs).toBeLessThan(flushedToMs);
      expect.soft(leftoversOf(verdict)).toBe('none');
      expect.soft(await lecture.hasNeverReloaded()).toBe(true);
      await until('the lecture to be live', async () => (await classroom.ada.api.getLecture({ params: { lectureId: lecture.lectureId } })).state === 'live');
    }
  });

  it('has one recording in the end, with playlists as they must be, that plays through in Chromium and in ffmpeg', async () => {
    const { api } = lecture.classroom.ada;
    const { videoId, startedAt, endedAt } = await api.endLecture({ params: { lectureId: lecture.lectureId } });
    await lecture.stopSource();
    const { videos } = await lecture.student.api.listVideos({ params: { courseId: lecture.classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    if (!videoId) throw new Error('the lecture was recorded');
    await until('the video to be ready', async () => (await api.getVideo({ params: { videoId } })).state === 'ready', 60_000);
    const { tracks } = await lecture.student.api.getPlayback({ params: { videoId } });
    const url = `${lecture.classroom.server.url}${tracks[0]?.masterUrl ?? ''}`;
    const problems = await checkPlaylists(url);
    const page = await lecture.classroom.openPage(lecture.student, `/watch/${videoId}`);
    const [complaints, { durationSeconds, bufferedSeconds }] = await Promise.all([playInFfmpeg(url), playToEnd(page.locator('video').first())]);
    const lectureSeconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
    const row = { scene, 'lecture s': seconds(lectureSeconds), 'replay s': seconds(durationSeconds), 'played s in Chromium': seconds(bufferedSeconds), playlists: problems.join('; ') || 'right', 'complaints of ffmpeg': complaints.trim() || 'none' };
    playbackReport.add(row);
    process.stdout.write(`[stopping] ${JSON.stringify(row)}\n`);
    expect.soft(row).toMatchObject({ playlists: 'right', 'complaints of ffmpeg': 'none' });
    expect.soft(Math.abs(durationSeconds - bufferedSeconds)).toBeLessThan(1);
    expect.soft(Math.abs(durationSeconds - lectureSeconds)).toBeLessThan(5);
  });
});

function seconds(value: number): string {
  return value.toFixed(1);
}

interface SilentServer {
  url: string;
  close(): Promise<void>;
}

/** Takes connections and requests, and never answers. */
async function silentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
