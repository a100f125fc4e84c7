import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processTree, until } from '#engine/testing';
import { freePort } from '../Classroom.ts';
import { playToEnd } from '../replay.ts';
import { damagesOf, leftoversOf, mediaEndMs, tracksAmiss } from './auditProgram.ts';
import type { AuditVerdict } from './auditProgram.ts';
import { isThere } from './childProcesses.ts';
import { WatchedLecture } from './WatchedLecture.ts';
import { killPlan, scenes } from './killPlan.ts';
import type { KillMoment, SceneKind } from './killPlan.ts';
import { playInFfmpeg } from './playInFfmpeg.ts';
import { seededRandom, trialSeed } from './seededRandom.ts';
import { kill, pause, strike } from './killServer.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun } from './trialSize.ts';

const s3 = process.env.LECTERN_TEST_S3_ENDPOINT;
const killsPerScene = process.env.LECTERN_TRIAL_KILLS ? Number(process.env.LECTERN_TRIAL_KILLS) : isLongRun ? 25 : undefined;
/** A segment is cut at the first keyframe after about 2 s (LECTERN_SEGMENT_SECONDS). */
const segmentMs = 2000;
/** A browser makes one when it is asked; the recorder asks once a second. */
const keyframeIntervalMs = 1000;
/** From the last frame of a segment to its row: across the network, out of order, to the disk. */
const writingMs = 1000;
/** After the server has begun to start: the encoder tries every 2 s, pages wait up to 5 s. */
const backWithinMs = 30_000;

interface Kill {
  moment: KillMoment;
  atMs: number;
  state: string;
  lostMs: number;
  backAfterMs: number | undefined;
  /** In the picture of the recording, until the next one. */
  holeMs: number | undefined;
  waiting: number;
  leftovers: string;
  damages: string[];
}

const seed = trialSeed();
const random = seededRandom(seed);
const report = new TrialReport('killed');
const playbackReport = new TrialReport('killed-playback');
let killCount = 0;

for (const kind of scenes) {
  // S3 needs a real server: `.ci/s3-server run`, then `eval "$(.ci/s3-server env)"`.
  describe.skipIf(kind.store === 'S3' && !s3)(`a server that is killed again and again in a lecture from ${kind.source} recorded to ${kind.store}`, () => tellScene(kind));
}

function tellScene(kind: SceneKind): void {
  const name = `${kind.source}, ${kind.store}`;
  const kills: Kill[] = [];
  let lecture: WatchedLecture;
  let before: AuditVerdict | undefined;
  /** When media began to flow for the last time. */
  let flowingSinceMs: number;

  beforeAll(async () => {
    tell(`[killed] ${name}: LECTERN_TRIAL_SEED=${seed}`);
    lecture = await WatchedLecture.open({ source: kind.source, settings: await settingsOf(kind) });
    flowingSinceMs = await lecture.videoResumed(0);
  });

  afterAll(async () => {
    for (const kill of kills) report.add(rowOf(kill));
    await lecture.close();
  });

  it('has every segment after each kill, and is back with the lecture, its chat, its picture', async () => {
    const plan = killPlan(kind, { killsPerScene, random });
    for (const round of plan) {
      if (round[0] === 'ending') continue;
      const said = `Before kill ${killCount + 1}`;
      await lecture.say(said);
      await lecture.room.getByText(said).waitFor();
      await strikeAndLook(round[0] ?? 'live');
      for (const moment of round.slice(1)) await strikeWhileStarting(moment);
      await comeBack(said);
    }
    if (plan.some(([moment]) => moment === 'ending')) await strikeAtTheEnd();
    expect.soft(kills.flatMap(({ damages }) => damages)).toEqual([]);
    for (const { lostMs, moment, atMs } of kills) expect.soft(lostMs, `${moment} at ${lectureClock(atMs)}`).toBeLessThan(segmentMs + keyframeIntervalMs + writingMs);
  });

  it('ends with one recording that plays through in Chromium and in ffmpeg', async () => {
    const { api } = lecture.classroom.ada;
    const params = { lectureId: lecture.lectureId };
    const state = (await api.getLecture({ params })).state;
    const { videoId, startedAt, endedAt } = state === 'ended' ? await api.getLecture({ params }) : await api.endLecture({ params });
    await lecture.stopSource();
    if (!videoId) throw new Error('the lecture was recorded');
    const { videos } = await lecture.student.api.listVideos({ params: { courseId: lecture.classroom.courseId } });
    expect(videos.map(({ id }) => id)).toEqual([videoId]);
    await until('the video to be ready', async () => (await api.getVideo({ params: { videoId } })).state === 'ready', 60_000);
    const { tracks } = await lecture.student.api.getPlayback({ params: { videoId } });
    const page = await lecture.classroom.openPage(lecture.student, `/watch/${videoId}`);
    const [complaints, { durationSeconds, bufferedSeconds }] = await Promise.all([
      playInFfmpeg(`${lecture.classroom.server.url}${tracks[0]?.masterUrl ?? ''}`),
      playToEnd(page.locator('video').first()),
    ]);
    expect.soft(complaints).toBe('');
    const lectureSeconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
    playbackReport.add({ scene: name, kills: kills.length, 'lecture s': seconds(lectureSeconds), 'replay s': seconds(durationSeconds), 'played s in Chromium': seconds(bufferedSeconds), 'complaints of ffmpeg': complaints.trim() || 'none' });
    expect.soft(Math.abs(durationSeconds - bufferedSeconds)).toBeLessThan(1);
    expect.soft(Math.abs(durationSeconds - lectureSeconds)).toBeLessThan(5);
  });

  it('has all of it in the store at the end, and nothing else', async () => {
    // A server that was killed right after it may not have got to say so.
    const wasStored = before?.recordings[0]?.isStored ?? false;
    await until('the recording to be in the store', () => wasStored || lecture.hasLogged('recording.stored'), 30_000);
    expect(await lecture.classroom.server.stop()).toEqual({ code: 0, signal: null });
    const verdict = await lecture.audit();
    expect(damagesOf(verdict)).toEqual([]);
    expect(tracksAmiss(verdict)).toEqual([]);
    expect(leftoversOf(verdict)).toBe('none');
    expect(verdict.recordings).toMatchObject([{ isStored: true, state: 'finished' }]);
    for (const kill of kills) if (kill.backAfterMs !== undefined) kill.holeMs = holeAround(verdict, kill.atMs);
  });

  async function strikeAndLook(moment: KillMoment): Promise<void> {
    const { classroom, lectureId } = lecture;
    const { pid = 0 } = classroom.server;
    const { state } = await classroom.ada.api.getLecture({ params: { lectureId } });
    const children = processTree(pid).slice(1);
    const struckAtMs = await strike(moment, { pid, spoolFolder: await spoolOf(lecture), random });
    await look({ moment, struckAtMs, state, children: children.map((child) => child.pid) });
  }

  async function strikeWhileStarting(moment: KillMoment): Promise<void> {
    let struckAtMs = 0;
    const delayMs = 200 + random() * 1200;
    const started = lecture.classroom.restart({
      onSpawn: (pid) =>
        setTimeout(() => {
          struckAtMs = kill(pid);
        }, delayMs),
    });
    await started.catch(() => undefined);
    await lecture.classroom.server.exited;
    await look({ moment, struckAtMs, state: 'starting', children: [] });
  }

  async function strikeAtTheEnd(): Promise<void> {
    const { classroom, lectureId } = lecture;
    const params = { lectureId };
    const { pid = 0 } = classroom.server;
    await pause(random() * 3000);
    const ended = classroom.ada.api.endLecture({ params }).then(() => 'ended', () => 'ending');
    await pause(random() * 300);
    const children = processTree(pid).slice(1);
    const struckAtMs = kill(pid);
    await look({ moment: 'ending', struckAtMs, state: await ended, children: children.map((child) => child.pid) });
    await classroom.restart();
  }

  /** What is on the disk now, before anything is mended. */
  async function look({ moment, struckAtMs, state, children }: { moment: KillMoment; struckAtMs: number; state: string; children: number[] }): Promise<void> {
    killCount += 1;
    await lecture.classroom.server.exited;
    await until('what the server had started to be gone', () => !children.some(isThere));
    const verdict = await lecture.audit();
    const atMs = struckAtMs - lecture.startedAtMs;
    const isFlowing = moment !== 'starting';
    const damages = [...damagesOf(verdict), ...shrunk(before, verdict)];
    before = verdict;
    const lostMs = isFlowing ? Math.max(0, atMs - Math.max(mediaEndMs(verdict), flowingSinceMs - lecture.startedAtMs)) : 0;
    const kill = { moment, atMs, state, lostMs: Math.round(lostMs), backAfterMs: undefined, holeMs: undefined, waiting: verdict.recordings[0]?.waiting ?? 0, leftovers: leftoversOf(verdict), damages };
    kills.push(kill);
    tell(`[killed] ${killCount} ${name}: ${JSON.stringify(rowOf(kill))}`);
  }

  async function comeBack(said: string): Promise<void> {
    const { classroom, lectureId, room } = lecture;
    const startMs = Date.now();
    await classroom.restart();
    const startedAfterMs = Date.now() - startMs;
    flowingSinceMs = await lecture.videoResumed(startMs, backWithinMs);
    await room.getByText(said).waitFor();
    expect(await lecture.hasNeverReloaded()).toBe(true);
    await until('the lecture to be live', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).state === 'live');
    // A kill while it starts makes the one before it last longer.
    const last = kills.findLast(({ moment }) => moment !== 'starting');
    if (last) last.backAfterMs = flowingSinceMs - startMs;
    tell(`[killed] ${killCount} ${name}: server up after ${startedAfterMs} ms, picture back after ${flowingSinceMs - startMs} ms`);
  }

  function rowOf({ moment, atMs, state, lostMs, holeMs, backAfterMs, waiting, leftovers, damages }: Kill) {
    return {
      scene: name,
      moment,
      'lecture clock': lectureClock(atMs),
      state,
      'media lost ms': lostMs,
      'hole in the recording ms': holeMs ?? '–',
      'picture back after ms': backAfterMs ?? '–',
      'segments to store': waiting,
      'left lying': leftovers,
      audit: damages.length === 0 ? 'whole' : damages.join('; '),
    };
  }
}

async function settingsOf({ store }: SceneKind): Promise<Record<string, string>> {
  // A port of its own, held over the restarts: what a killed server leaves running must not keep the next from it.
  const fixed = { LECTERN_RTC_PORT: await freePort() };
  if (store === 'folder') return fixed;
  return {
    ...fixed,
    LECTERN_S3_ENDPOINT: s3 ?? '',
    LECTERN_S3_BUCKET: `killed-${Date.now()}`,
    LECTERN_S3_ACCESS_KEY_ID: process.env.LECTERN_TEST_S3_ACCESS_KEY ?? '',
    LECTERN_S3_SECRET_ACCESS_KEY: process.env.LECTERN_TEST_S3_SECRET_KEY ?? '',
  };
}

/** Where the picture waits to be stored; there is one recording. */
async function spoolOf({ classroom }: WatchedLecture): Promise<string> {
  const recordings = path.join(classroom.dataFolder, 'spool', 'recordings');
  const recordingId = await until('the recording in the spool', async () => existsSync(recordings) && (await readdir(recordings))[0]);
  return path.join(recordings, String(recordingId), 'main-video');
}

/** How long the picture is away around a kill. */
function holeAround({ recordings }: AuditVerdict, atMs: number): number | undefined {
  const presence = recordings[0]?.tracks.find(({ track }) => track === 'main-video')?.presence ?? [];
  const before = presence.findLast(({ startMs }) => startMs < atMs);
  const after = presence.find(({ startMs }) => startMs >= atMs);
  return before && after && Math.round(after.startMs - before.endMs);
}

/** What was in the journal is there for good. */
function shrunk(before: AuditVerdict | undefined, now: AuditVerdict): string[] {
  const tracks = before?.recordings[0]?.tracks ?? [];
  return tracks.flatMap(({ track, segments, endMs }) => {
    const same = now.recordings[0]?.tracks.find((one) => one.track === track);
    return same && same.segments >= segments && same.endMs >= endMs ? [] : [`${track} had ${segments} segments, and has ${same?.segments ?? 0}`];
  });
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function lectureClock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}

function seconds(value: number): string {
  return value.toFixed(1);
}
