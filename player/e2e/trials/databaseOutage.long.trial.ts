import { expect } from 'vitest';
import { mongoServers, proxiedMongoDatabase, until } from '#engine/testing';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { frameFingerprint, untilFrameChanges } from '../mediaProbes.ts';
import { playToEnd } from '../replay.ts';
import { trialSize } from './trialSize.ts';

const pushedSeconds = trialSize({ short: 25, long: 45 });
/** Longer than a lease, and in the long run than an election. */
const outageMs = trialSize({ short: 5000, long: 20_000 });
const servers = mongoServers.filter(({ url }) => url !== undefined);

if (servers.length === 0) it.skip('NOT TESTED: neither LECTERN_TEST_FERRETDB_URL nor LECTERN_TEST_MONGO_JAVA_URL is set', () => undefined);

it.for(servers.slice(0, 1))('a lecture lives through an outage of its database, $name', async ({ url = '' }, { browser }) => {
  const proxied = await proxiedMongoDatabase(url);
  const classroom = await Classroom.open({ browser, settings: { LECTERN_DATABASE_URL: proxied.url } });
  try {
    const [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
    const lectureId = await classroom.startLecture();
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', durationSeconds: pushedSeconds });
    const room = await classroom.openPage(noor, `/live/${lectureId}`);
    const visit = await RoomVisit.enter(classroom.server.url, mateo, lectureId);
    await visit.ask('chat.post', { text: 'before the outage' });
    await room.getByText('before the outage').waitFor();
    const video = room.locator('video').first();
    await until('the first frame', async () => (await frameFingerprint(video)).length > 0);

    proxied.network.cut();
    const cutAtMs = performance.now();
    while (performance.now() - cutAtMs < outageMs) await untilFrameChanges(video);
    proxied.network.mend();

    await until('a message after the outage', () => visit.ask('chat.post', { text: 'after the outage' }).then(() => true, () => false));
    await room.getByText('after the outage').first().waitFor();
    visit.leave();
    await encoder.exited;
    const { videoId } = await classroom.endRecorded(lectureId);
    const page = await classroom.openPage(noor, `/watch/${videoId}`);
    const { playedSeconds } = await playToEnd(page.locator('video').first());
    expect(playedSeconds).toBeGreaterThan(pushedSeconds - 5);
    await page.getByText('before the outage').first().waitFor();
  } finally {
    await classroom.close();
    await proxied.close();
  }
});
