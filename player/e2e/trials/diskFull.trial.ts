import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SupervisedEncoder } from '../../demo/SupervisedEncoder.ts';
import type { Person } from '../../demo/Person.ts';
import { en } from '../../text/en.ts';
import { Classroom } from '../Classroom.ts';
import { installFrameWatch, longestPause, watchedIn } from '../frameWatch.ts';
import { playToEnd } from '../replay.ts';
import { auditData, damagesOf, holesOf, tracksAmiss } from './auditProgram.ts';
import { residentMegabytes } from './processMemory.ts';
import { SmallDisk } from './SmallDisk.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

const megabyte = 2 ** 20;
const diskMb = 48;
const reserveMb = 8;
/** What the source sends in that time waits in memory, and is not lost. */
const fullMs = trialSize({ short: 0, long: 200_000 });
const toldWithinMs = 5000;
const memoryMb = 8;
/** What a kill costs of what was before it: a segment in progress, a second until it is written. */
const segmentMs = 4000;
const rounds = trialSize({ short: 1, long: 10 });
/** Long enough to see a freeze. */
const lookMs = 2000;
const freezeLimitMs = 1500;
/** What a short recording takes of a browser on two cores. */
const replaySpeed = trialSize({ short: 8, long: 4 });
const words = en.studio.recordingTrouble;
const disk = SmallDisk.open(diskMb);

if (!disk) process.stderr.write('\nNOT TRIED: a full disk. Only root can mount the small file system that this fills.\n');

describe.skipIf(!disk)('a disk that fills up in the middle of a lecture', () => {
  const report = new TrialReport('diskFull');
  const small = disk as SmallDisk;
  const dataFolder = path.join(small?.folder ?? '', 'data');
  const spool = path.join(dataFolder, 'spool');
  const said: string[] = [];
  let classroom: Classroom;
  let noor: Person;
  let lectureId: LectureId;
  let encoder: SupervisedEncoder;
  let room: Page;
  let studio: Page;
  let nearlyFullAtMs: number;
  /** On the lecture's clock. */
  const outages: { what: string; fromMs: number; toMs: number }[] = [];

  beforeAll(async () => {
    classroom = await Classroom.open({ LECTERN_DATA_DIR: dataFolder, LECTERN_DISK_RESERVE_MB: String(reserveMb), LECTERN_RECORDING_MEMORY_MB: String(memoryMb) });
    small.fillUpTo((reserveMb + 5) * megabyte);
    nearlyFullAtMs = Date.now();
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    encoder = new SupervisedEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '640x360', shows: 'flash' });
    room = await classroom.openPage(noor, '/');
    await room.addInitScript(installFrameWatch);
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    studio = await classroom.openPage(classroom.ada, `/studio/${lectureId}`);
    await flowing();
    await recordingGrows();
  });

  afterAll(async () => {
    try {
      await encoder?.stop();
      small.setReadOnly(spool, false);
      await classroom?.close();
    } finally {
      small.close();
    }
  });

  it('warns the instructor before it is full', async () => {
    const startMs = Date.now();
    await studio.getByText(new RegExp(words.diskSoonFull(2).replace('2 minutes', '.*'))).waitFor({ timeout: 60_000 });
    await seen('nearly full', startMs, { toldAfterMs: Date.now() - nearlyFullAtMs });
  });

  it('pauses the recording and nothing else, and tells the instructor at once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const startMs = Date.now();
      expect(await studio.getByText(words.disk.full).count()).toBe(0);
      small.fillUpTo((reserveMb - 1) * megabyte);
      await studio.getByText(words.disk.full).waitFor({ timeout: 15_000 });
      const toldAfterMs = Date.now() - startMs;
      await say(`While it is full, ${round}`);
      await noor.logIn();
      if (round === 0) await room.waitForTimeout(fullMs);
      small.makeRoom();
      await studio.getByText(words.disk.full).waitFor({ state: 'detached', timeout: 15_000 });
      await recordingGrows();
      await seen('full up to the reserve', startMs, { toldAfterMs });
      expect.soft(toldAfterMs).toBeLessThanOrEqual(toldWithinMs);
    }
  });

  it('answers with a code and a sentence when not even the reserve is left, and starts again after kill -9', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const startMs = Date.now();
      small.fillUpTo(0);
      const refusal = await refused();
      expect(refusal).toMatchObject({ code: 'disk.full', message: expect.stringContaining('until there is room') as string });
      expect((await noor.api.getLecture({ params: { lectureId } })).state).toBe('live');
      await room.waitForTimeout(lookMs);
      await flowing();
      const fullMsSeen = Date.now() - startMs;
      const { pauseMs } = longestPause((await watchedIn(room)).pictures, startMs, Date.now());
      expect.soft(pauseMs).toBeLessThan(freezeLimitMs);
      await classroom.server.kill();
      await classroom.restart();
      await flowing();
      await studio.getByText(words.disk.full).waitFor({ timeout: 20_000 });
      small.makeRoom();
      await studio.getByText(words.disk.full).waitFor({ state: 'detached', timeout: 15_000 });
      await recordingGrows();
      noteOutage('full to the last byte, with kill -9', startMs);
      report.add({ what: 'full to the last byte', 'for s': seconds(fullMsSeen), 'longest freeze ms': Math.round(pauseMs), 'RSS MB': residentMegabytes(pid()), 'back after kill -9 and restart while full s': seconds(Date.now() - startMs) });
    }
  });

  it('goes on in the same way when the folder cannot be written', async () => {
    const startMs = Date.now();
    await until('a moment in which no segment is being written', () => {
      try {
        small.setReadOnly(spool, true);
        return true;
      } catch {
        return false;
      }
    });
    await studio.getByText(words.disk.readOnly).waitFor({ timeout: 15_000 });
    const toldAfterMs = Date.now() - startMs;
    small.setReadOnly(spool, false);
    await studio.getByText(words.disk.readOnly).waitFor({ state: 'detached', timeout: 15_000 });
    await recordingGrows();
    await seen('spool not writable (EROFS)', startMs, { toldAfterMs });
    expect.soft(toldAfterMs).toBeLessThanOrEqual(toldWithinMs);
  });

  it('has kept everything that was acknowledged, and a replay that plays through', async () => {
    const startedAtMs = Date.parse((await classroom.ada.api.getLecture({ params: { lectureId } })).startedAt ?? '');
    for (const text of said) await room.getByText(text, { exact: true }).waitFor();
    await encoder.stop();
    const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const { durationSeconds, bufferedSeconds } = await playToEnd(page.locator('video').first(), replaySpeed);
    expect(durationSeconds - bufferedSeconds).toBeLessThan(3);
    await classroom.server.stop();
    const verdict = await auditData(dataFolder, {});
    expect(damagesOf(verdict)).toEqual([]);
    expect(tracksAmiss(verdict)).toEqual([]);
    const tracks = verdict.recordings[0]?.tracks ?? [];
    const onClock = outages.map(({ fromMs, toMs }) => ({ fromMs: fromMs - startedAtMs, toMs: toMs - startedAtMs }));
    const bytesPerMs = (await mediaBytes()) / (durationSeconds * 1000);
    report.add({ what: 'the recording afterwards', 'length s': seconds(durationSeconds * 1000), 'kB a second': Math.round(bytesPerMs), 'holes ms': holesOf(tracks, 'main-video').map(({ startMs, endMs }) => Math.round(endMs - startMs)).join(', '), 'outages with kill -9 s': onClock.map(({ fromMs, toMs }) => `${seconds(fromMs)}–${seconds(toMs)}`).join(', ') });
    // While the disk is full, what is recorded waits in memory: it is missing only where the process was killed.
    expect(bytesPerMs * (fullMs + toldWithinMs), 'what waits in memory while the disk is full').toBeLessThan(memoryMb * megabyte);
    for (const track of ['main-video', 'main-audio']) {
      const elsewhere = holesOf(tracks, track).filter(({ startMs, endMs }) => !onClock.some(({ fromMs, toMs }) => startMs >= fromMs - segmentMs && endMs <= toMs));
      expect.soft(elsewhere, `holes in ${track} without a kill`).toEqual([]);
    }
  });

  const pid = () => classroom.server.pid ?? 0;
  const seconds = (ms: number) => Math.round(ms / 100) / 10;

  function noteOutage(what: string, fromMs: number): void {
    outages.push({ what, fromMs, toMs: Date.now() });
  }

  async function flowing(): Promise<void> {
    await until('the picture', async () => (await watchedIn(room)).pictures.filter((at) => at > Date.now() - 1000).length >= 5, 60_000);
  }

  /** Segments in the store, counted from outside. */
  async function stored(): Promise<number> {
    const names = await readdir(path.join(dataFolder, 'objects'), { recursive: true });
    return names.filter((name) => name.endsWith('.m4s')).length;
  }

  async function mediaBytes(): Promise<number> {
    const folder = path.join(dataFolder, 'objects');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.m4s'));
    const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async function recordingGrows(): Promise<void> {
    const before = await stored().catch(() => 0);
    await until('further segments', async () => (await stored().catch(() => 0)) > before, 20_000);
  }

  async function say(text: string): Promise<void> {
    const visit = await RoomVisit.enter(classroom.server.url, noor, lectureId);
    await visit.ask('chat.post', { text });
    visit.leave();
    said.push(text);
  }

  /** What is answered when the database can grow no more. */
  async function refused(): Promise<unknown> {
    for (let attempt = 0; attempt < 400; attempt += 1) {
      try {
        await classroom.ada.api.createCourse({ body: { title: `Course ${attempt}`, description: 'x'.repeat(1000), enrolmentPolicy: 'open' } });
      } catch (err) {
        return err;
      }
    }
    return undefined;
  }

  async function seen(what: string, startMs: number, { toldAfterMs }: { toldAfterMs?: number } = {}): Promise<void> {
    const { pauseMs } = longestPause((await watchedIn(room)).pictures, startMs, Date.now());
    report.add({ what, 'for s': seconds(Date.now() - startMs), 'instructor told after s': toldAfterMs === undefined ? '–' : seconds(toldAfterMs), 'longest freeze ms': Math.round(pauseMs), 'RSS MB': residentMegabytes(pid()) });
    expect.soft(pauseMs, `freeze, ${what}`).toBeLessThan(freezeLimitMs);
  }
});
