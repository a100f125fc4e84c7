import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { until } from '#engine/testing';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';
import { difference, frameFingerprint } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

const heldDisk = pathToFileURL(path.resolve(import.meta.dirname, '../../engine/kernel/database/sqlite/testing/heldDisk.ts')).href;
const pushedSeconds = 20;
const changesWhileHeld = 3;

async function watchChanges(room: Page, changes: number): Promise<void> {
  const video = room.locator('video').first();
  for (let change = 0; change < changes; change += 1) {
    const before = await frameFingerprint(video);
    await until('another frame', async () => difference(before, await frameFingerprint(video)) > 1);
  }
}

it('live video goes on while the disk holds the flushes of the database, and nothing is lost when it lets go', async ({ browser }) => {
  const classroom = await Classroom.open({ browser, settings: { NODE_OPTIONS: `--import ${heldDisk}` } });
  const held = path.join(classroom.dataFolder, 'lectern.db.held');
  try {
    const [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
    const lectureId = await classroom.startLecture();
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', durationSeconds: pushedSeconds });
    const room = await classroom.openPage(noor, `/live/${lectureId}`);
    const visit = await RoomVisit.enter(classroom.server.url, mateo, lectureId);
    await until('the first frame', async () => (await frameFingerprint(room.locator('video').first())).length > 0);

    writeFileSync(held, '');
    let isPosted = false;
    const posted = visit.ask('chat.post', { text: 'Is anybody there?' }).then(() => (isPosted = true));
    await watchChanges(room, changesWhileHeld);
    expect(isPosted).toBe(false);
    rmSync(held);
    await posted;
    await room.getByText('Is anybody there?').waitFor();
    visit.leave();

    await encoder.exited;
    const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
    const page = await classroom.openPage(noor, `/watch/${videoId ?? ''}`);
    const { playedSeconds } = await playToEnd(page.locator('video').first());
    expect(playedSeconds).toBeGreaterThan(pushedSeconds - 5);
  } finally {
    rmSync(held, { force: true });
    await classroom.close();
  }
});
