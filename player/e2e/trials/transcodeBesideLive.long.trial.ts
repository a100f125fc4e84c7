import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { isShowingVideo, longestPause, seenIn, watchFrames } from '../frameWatch.ts';
import { CopiedEncoder, makeSource } from '../load/CopiedEncoder.ts';
import { auditData, damagesOf, gapsOf } from './auditProgram.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

/** Of the lecture that is transcoded. It is recorded first, in real time. */
const filmSeconds = trialSize({ short: 20, long: 120 });
/** A gap that a viewer would see. */
const maxFrameGapMs = 200;

describe('a live lecture over RTMP while another one is transcoded on all cores', () => {
  const report = new TrialReport('transcodeBesideLive');
  let classroom: Classroom;
  let folder: string;
  let film: VideoId;
  let lectureId: LectureId;
  let encoder: CopiedEncoder;
  let room: Page;

  it.beforeAll(async ({ browser }) => {
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-trial-'));
    await makeSource(path.join(folder, 'film.flv'), { videoKbps: 3000, sizePx: '1920x1080', seconds: 10 });
    await makeSource(path.join(folder, 'live.flv'), { videoKbps: 1500, sizePx: '1280x720', seconds: 10 });
    const settings = { LECTERN_TRANSCODE_RECORDINGS: 'false', LECTERN_TRANSCODES: `${cpus().length}`, LECTERN_JOBS: `${cpus().length + 1}`, LECTERN_TRANSCODE_YIELDS: 'true' };
    classroom = await Classroom.open({ browser, settings });
    film = await record();
    lectureId = await classroom.startLecture('Live');
    encoder = new CopiedEncoder(path.join(folder, 'live.flv'), await classroom.streamUrl());
    const noor = await classroom.student('Noor');
    room = await classroom.openPage(noor, '/');
    await watchFrames(room);
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the video', () => isShowingVideo(room), 60_000);
  });

  it.afterAll(async () => {
    await encoder?.stop();
    await classroom?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has no hole, and its viewers see every moment of it', async () => {
    const startMs = Date.now();
    await classroom.ada.api.transcodeVideo({ params: { videoId: film }, body: {} });
    const complete = async () => {
      const { work, renditions } = await classroom.ada.api.getVideo({ params: { videoId: film } });
      return work === null && renditions.length > 0;
    };
    await until('the whole ladder', complete, filmSeconds * 60_000);
    const endMs = Date.now();
    const { pauseMs } = longestPause((await seenIn(room)).frames, startMs, endMs);
    report.add({ what: 'transcode beside a lecture', 'film s': filmSeconds, 'ladder after s': Math.round((endMs - startMs) / 1000), 'longest frame gap ms': Math.round(pauseMs) });
    expect(pauseMs).toBeLessThan(maxFrameGapMs);
    await encoder.stop();
    await classroom.ada.api.endLecture({ params: { lectureId } });
    await classroom.server.stop();
    const verdict = await auditData(classroom.dataFolder, {});
    expect(damagesOf(verdict)).toEqual([]);
    for (const { tracks } of verdict.recordings) for (const track of ['main-video', 'main-audio']) expect(gapsOf(tracks, track), track).toEqual([]);
  });

  /** Records the lecture that is transcoded later. */
  async function record(): Promise<VideoId> {
    const id = await classroom.startLecture('Film');
    const sending = new CopiedEncoder(path.join(folder, 'film.flv'), await classroom.streamUrl());
    await new Promise((resolve) => setTimeout(resolve, filmSeconds * 1000));
    await sending.stop();
    const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId: id } });
    if (!videoId) throw new Error('the lecture was recorded');
    await until('the recording', async () => (await classroom.ada.api.getVideo({ params: { videoId } })).posterUrl !== null, 60_000);
    return videoId;
  }
});
