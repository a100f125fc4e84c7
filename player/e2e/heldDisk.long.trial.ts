import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { until } from '#engine/testing';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import { Classroom } from './Classroom.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';
import { frameFingerprint, untilFrameChanges } from './mediaProbes.ts';
import { playToEnd } from './replay.ts';

const heldDisk = pathToFileURL(path.resolve(import.meta.dirname, '../../engine/kernel/database/sqlite/testing/heldDisk.ts')).href;
const pushedSeconds = 20;
const changesWhileHeld = 3;

describeWithOwnServer('while the disk holds the flushes of the database', () => {
  it('live video goes on, and nothing is lost when it lets go', async ({ browser }) => {
    const classroom = await Classroom.open({ browser, settings: { NODE_OPTIONS: `--import ${heldDisk}` } });
    const held = path.join(classroom.dataFolder, 'lectern.db.held');
    try {
      const [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
      const lectureId = await classroom.startLecture();
      const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', durationSeconds: pushedSeconds });
      const room = await classroom.openPage(noor, `/live/${lectureId}`);
      const visit = await RoomVisit.enter(classroom.server.url, mateo, lectureId);
      const video = room.locator('video').first();
      await until('the first frame', async () => (await frameFingerprint(video)).length > 0);

      writeFileSync(held, '');
      let isPosted = false;
      const posted = visit.ask('chat.post', { text: 'Is anybody there?' }).then(() => (isPosted = true));
      for (let change = 0; change < changesWhileHeld; change += 1) await untilFrameChanges(video);
      expect(isPosted).toBe(false);
      rmSync(held);
      await posted;
      await room.getByText('Is anybody there?').waitFor();
      visit.leave();

      await encoder.exited;
      const { videoId } = await classroom.endRecorded(lectureId);
      const page = await classroom.openPage(noor, `/watch/${videoId}`);
      const { playedSeconds } = await playToEnd(page.locator('video').first());
      expect(playedSeconds).toBeGreaterThan(pushedSeconds - 5);
    } finally {
      rmSync(held, { force: true });
      await classroom.close();
    }
  });
});
