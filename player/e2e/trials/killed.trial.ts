import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { processTree, until } from '#engine/testing';
import { it } from '../classroomTest.ts';
import { decodeErrors } from '../decodePlaylist.ts';
import { playToEnd } from '../replay.ts';
import { damagesOf, leftoversOf, mediaEndMs, unexpectedTracks } from './auditProgram.ts';
import type { AuditVerdict } from './auditProgram.ts';
import { isThere } from './childProcesses.ts';
import { killPlan, scenarios } from './killPlan.ts';
import type { KillMoment, Scenario } from './killPlan.ts';
import { kill, killAt } from './killServer.ts';
import { seededRandom, trialSeed } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun } from './trialSize.ts';
import { WatchedLecture } from './WatchedLecture.ts';

const s3 = process.env.LECTERN_TEST_S3_ENDPOINT;
/** A segment ends at the first keyframe after about 2 s (LECTERN_SEGMENT_SECONDS). */
const segmentMs = 2000;
/** A browser sends a keyframe on request; the recorder requests one a second. */
const keyframeIntervalMs = 1000;
/** From the last frame of a segment to its row: across the network, reordering, to the disk. */
const writingMs = 1000;
const lostLimitMs = segmentMs + keyframeIntervalMs + writingMs;
/** Recording and lecture begin and end within a few frames and a keyframe of each other. */
const lengthToleranceSeconds = 8;

interface Kill {
  moment: KillMoment;
  atMs: number;
  state: string;
  lostMs: number;
  backAfterMs: number | undefined;
  /** Of the recorded video, around this kill. */
  gapMs: number | undefined;
  waiting: number;
  leftovers: string;
  damages: string[];
}

const random = seededRandom(trialSeed('killed'));
const report = new TrialReport('killed');
const playbackReport = new TrialReport('killed-playback');
let killCount = 0;

for (const scenario of scenarios) {
  // S3 needs a real server: `.ci/s3-server run`, then `eval "$(.ci/s3-server env)"`.
  describe.skipIf(scenario.store === 'S3' && !s3)(`a server that is killed in a lecture from ${scenario.source} recorded to ${scenario.store}`, () => describeScenario(scenario));
}

function describeScenario(scenario: Scenario): void {
  const name = `${scenario.source}, ${scenario.store}`;
  const kills: Kill[] = [];
  let lecture: WatchedLecture;
  let before: AuditVerdict | undefined;
  /** When media began to flow for the last time. */
  let flowingSinceMs: number;

  it.beforeAll(async ({ browser }) => {
    lecture = await WatchedLecture.open({ source: scenario.source, browser, settings: settingsOf(scenario) });
    flowingSinceMs = await lecture.videoResumed(0);
  });

  it.afterAll(async () => {
    for (const each of kills) report.add(rowOf(each));
    await lecture?.close();
  });

  it('has every segment after each kill, and goes on with lecture, chat and video', async () => {
    const plan = killPlan(scenario, random);
    for (const round of plan) {
      if (round[0] === 'ending') continue;
      const text = `Before kill ${killCount + 1}`;
      await lecture.post(text);
      await lecture.room.getByText(text).waitFor();
      await killAndInspect(round[0] ?? 'live');
      for (const moment of round.slice(1)) await killWhileStarting(moment);
      await resume(text);
    }
    if (plan.some(([moment]) => moment === 'ending')) await killAtTheEnd();
    expect.soft(kills.flatMap(({ damages }) => damages)).toEqual([]);
    if (isLongRun) for (const { lostMs, moment, atMs } of kills) expect.soft(lostMs, `${moment} at ${lectureClock(atMs)}`).toBeLessThan(lostLimitMs);
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
    const [errors, { durationSeconds, playedSeconds }] = await Promise.all([
      decodeErrors(`${lecture.classroom.server.url}${tracks[0]?.masterUrl ?? ''}`),
      playToEnd(page.locator('video').first()),
    ]);
    expect.soft(errors).toBe('');
    const lectureSeconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
    playbackReport.add({ scenario: name, kills: kills.length, 'lecture s': seconds(lectureSeconds), 'replay s': seconds(durationSeconds), 'played in Chromium s': seconds(playedSeconds), 'errors of ffmpeg': errors.trim() || 'none' });
    expect.soft(Math.abs(durationSeconds - playedSeconds)).toBeLessThan(1);
    expect.soft(durationSeconds - lectureSeconds).toBeLessThan(lengthToleranceSeconds);
    // How early the first frame comes, and how late the last one, depends on the machine.
    if (isLongRun) expect.soft(lectureSeconds - durationSeconds).toBeLessThan(lengthToleranceSeconds);
  });

  it('has all of it in the store at the end, and nothing else', async () => {
    // A server that was killed right after it may not have logged it.
    const wasStored = before?.recordings[0]?.isStored ?? false;
    await until('the recording to be in the store', () => wasStored || lecture.hasLogged('recording.stored'), 60_000);
    expect(await lecture.classroom.server.stop()).toEqual({ code: 0, signal: null });
    const verdict = await lecture.audit();
    expect(damagesOf(verdict)).toEqual([]);
    expect(unexpectedTracks(verdict)).toEqual([]);
    expect(leftoversOf(verdict)).toBe('none');
    expect(verdict.recordings).toMatchObject([{ isStored: true, state: 'finished' }]);
    for (const each of kills) if (each.backAfterMs !== undefined) each.gapMs = gapAround(verdict, each.atMs);
  });

  async function killAndInspect(moment: KillMoment): Promise<void> {
    const { classroom, lectureId } = lecture;
    const { pid = 0 } = classroom.server;
    const { state } = await classroom.ada.api.getLecture({ params: { lectureId } });
    const children = processTree(pid).slice(1);
    const killedAtMs = await killAt(moment, { pid, spoolFolder: await spoolOf(lecture), random });
    await inspect({ moment, killedAtMs, state, children: children.map((child) => child.pid) });
  }

  async function killWhileStarting(moment: KillMoment): Promise<void> {
    let killedAtMs = 0;
    const delayMs = 200 + random() * 1200;
    const started = lecture.classroom.restart({
      onSpawn: (pid) =>
        setTimeout(() => {
          killedAtMs = kill(pid);
        }, delayMs),
    });
    await started.catch(() => undefined);
    await lecture.classroom.server.exited;
    await inspect({ moment, killedAtMs, state: 'starting', children: [] });
  }

  async function killAtTheEnd(): Promise<void> {
    const { classroom, lectureId } = lecture;
    const params = { lectureId };
    const { pid = 0 } = classroom.server;
    await sleep(random() * 3000);
    const ended = classroom.ada.api.endLecture({ params }).then(() => 'ended', () => 'ending');
    await sleep(random() * 300);
    const children = processTree(pid).slice(1);
    const killedAtMs = kill(pid);
    await inspect({ moment: 'ending', killedAtMs, state: await ended, children: children.map((child) => child.pid) });
    await classroom.restart();
  }

  /** Audits what is on the disk before anything is repaired. */
  async function inspect({ moment, killedAtMs, state, children }: { moment: KillMoment; killedAtMs: number; state: string; children: number[] }): Promise<void> {
    killCount += 1;
    await lecture.classroom.server.exited;
    await until('the children of the server to end', () => !children.some(isThere));
    const verdict = await lecture.audit();
    const atMs = killedAtMs - lecture.startedAtMs;
    const isFlowing = moment !== 'starting';
    const damages = [...damagesOf(verdict), ...lostSegments(before, verdict)];
    before = verdict;
    const lostMs = isFlowing ? Math.max(0, atMs - Math.max(mediaEndMs(verdict), flowingSinceMs - lecture.startedAtMs)) : 0;
    const found = { moment, atMs, state, lostMs: Math.round(lostMs), backAfterMs: undefined, gapMs: undefined, waiting: verdict.recordings[0]?.waiting ?? 0, leftovers: leftoversOf(verdict), damages };
    kills.push(found);
    print(`[killed] ${killCount} ${name}: ${JSON.stringify(rowOf(found))}`);
  }

  async function resume(text: string): Promise<void> {
    const { classroom, lectureId, room } = lecture;
    const startMs = Date.now();
    await classroom.restart();
    const startedAfterMs = Date.now() - startMs;
    flowingSinceMs = await lecture.videoResumed(startMs);
    await room.getByText(text).waitFor();
    expect(await lecture.hasNeverReloaded()).toBe(true);
    await until('the lecture to be live', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).state === 'live');
    // A kill while the server starts prolongs the outage of the kill before it.
    const last = kills.findLast(({ moment }) => moment !== 'starting');
    if (last) last.backAfterMs = flowingSinceMs - startMs;
    print(`[killed] ${killCount} ${name}: server up after ${startedAfterMs} ms, video back after ${flowingSinceMs - startMs} ms`);
  }

  function rowOf({ moment, atMs, state, lostMs, gapMs, backAfterMs, waiting, leftovers, damages }: Kill) {
    return {
      scenario: name,
      moment,
      'lecture clock': lectureClock(atMs),
      state,
      'media lost ms': lostMs,
      'gap in the recording ms': gapMs ?? '–',
      'video back after ms': backAfterMs ?? '–',
      'segments not stored': waiting,
      leftovers,
      audit: damages.length === 0 ? 'whole' : damages.join('; '),
    };
  }
}

function settingsOf({ store }: Scenario): Record<string, string> {
  if (store === 'folder') return {};
  return {
    LECTERN_S3_ENDPOINT: s3 ?? '',
    LECTERN_S3_BUCKET: `killed-${Date.now()}`,
    LECTERN_S3_ACCESS_KEY_ID: process.env.LECTERN_TEST_S3_ACCESS_KEY ?? '',
    LECTERN_S3_SECRET_ACCESS_KEY: process.env.LECTERN_TEST_S3_SECRET_KEY ?? '',
  };
}

/** Where video segments wait to be stored. There is one recording. */
async function spoolOf({ classroom }: WatchedLecture): Promise<string> {
  const recordings = path.join(classroom.dataFolder, 'spool', 'recordings');
  const recordingId = await until('the recording in the spool', async () => existsSync(recordings) && (await readdir(recordings))[0]);
  return path.join(recordings, String(recordingId), 'main-video');
}

/** How long the recorded video is missing around a kill. */
function gapAround({ recordings }: AuditVerdict, atMs: number): number | undefined {
  const presence = recordings[0]?.tracks.find(({ track }) => track === 'main-video')?.presence ?? [];
  const before = presence.findLast(({ startMs }) => startMs < atMs);
  const after = presence.find(({ startMs }) => startMs >= atMs);
  return before && after && Math.round(after.startMs - before.endMs);
}

/** What was in the journal must stay there. */
function lostSegments(before: AuditVerdict | undefined, now: AuditVerdict): string[] {
  const tracks = before?.recordings[0]?.tracks ?? [];
  return tracks.flatMap(({ track, segments, endMs }) => {
    const same = now.recordings[0]?.tracks.find((one) => one.track === track);
    return same && same.segments >= segments && same.endMs >= endMs ? [] : [`${track} had ${segments} segments, and has ${same?.segments ?? 0}`];
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function lectureClock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}

function seconds(value: number): string {
  return value.toFixed(1);
}
