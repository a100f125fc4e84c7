import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LectureId, RecordingId, VideoId } from '#engine/contract';
import { tokenSignerOf, until } from '#engine/testing';
import type { Classroom } from '../Classroom.ts';
import { CopiedEncoder, makeSource } from '../load/CopiedEncoder.ts';

const lectureSeconds = 15;

/** Records a short lecture, and waits until it is in the object store. */
export async function recordLecture(classroom: Classroom): Promise<{ lectureId: LectureId; recordingId: RecordingId; videoId: VideoId }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lectern-bench-'));
  try {
    const file = path.join(folder, 'source.flv');
    await makeSource(file, { videoKbps: 300, sizePx: '320x180', seconds: 10 });
    const lectureId = await classroom.startLecture();
    const encoder = new CopiedEncoder(file, await classroom.streamUrl());
    await new Promise((resolve) => setTimeout(resolve, lectureSeconds * 1000));
    await encoder.stop();
    const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
    if (!videoId) throw new Error('the lecture was recorded');
    await until('the poster', async () => (await classroom.ada.api.getVideo({ params: { videoId } })).posterUrl !== null, 60_000);
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    const signer = await tokenSignerOf(classroom.dataFolder);
    const token = /\/media\/([^/]+)\//.exec(tracks[0]?.masterUrl ?? '')?.[1] ?? '';
    const { recordingId } = signer.verify('playback', token);
    if (recordingId === null) throw new Error('the video is a recording');
    return { lectureId, videoId, recordingId };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
