import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newId, toInstant } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger as logger, until } from '#engine/testing';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import { openS3ObjectStore } from '../storage/openS3ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { testS3Config } from '../storage/testing/testS3Server.ts';
import { openClassMover, openRestores } from './openStorageClasses.ts';

const day = 24 * 3600_000;
const { signal } = new AbortController();

/** Ceph stores the classes, and reads its archive at once; moto refuses archived objects until they are restored, as AWS does. */
describe.each([
  { name: 'Ceph', endpoint: process.env['LECTERN_TEST_CEPH_ENDPOINT'], script: 'ceph-server' },
  { name: 'moto', endpoint: process.env['LECTERN_TEST_MOTO_ENDPOINT'], script: 'moto-server' },
])('A rule at an S3 server ($name)', ({ name, endpoint, script }) => {
  if (endpoint === undefined) {
    process.stderr.write(`\nNOT TESTED: storage rules at ${name} (see .ci/${script}).\n`);
    it.skip(`NOT TESTED: ${name} is not set`);
    return;
  }

  it('moves a video to the archive, and a restore brings it back whole', async () => {
    const clock = new ManualClock();
    const config = testS3Config({ LECTERN_S3_ENDPOINT: endpoint, LECTERN_S3_ACCESS_KEY_ID: 'lectern', LECTERN_S3_SECRET_ACCESS_KEY: 'lectern-secret' });
    const store = await openS3ObjectStore({ config, bucket: `lectern-rule-${randomBytes(4).toString('hex')}`, clock, logger });
    onTestFinished(() => store.close());
    const database = await openTestDatabase();
    const [videoId, recordingId] = [newId('vid'), newId('rec')];
    const files = new Map(['main-video/init-0.mp4', 'main-video/000000.m4s', 'main-audio/000000.m4s', 'main.m3u8', 'poster.jpg'].map((file) => [`recordings/${recordingId}/${file}`, randomBytes(50_000)]));
    for (const [key, bytes] of files) await store.put(key, { bytes }, { contentType: 'video/mp4', sha256: sha256OfBytes(bytes) });
    const rows = database.collection(videoCollection);
    await rows.insertOne(withDefaults({ _id: videoId, courseId: 'crs_1', recordingId, title: 'Waves', state: 'ready', createdAt: toInstant(clock.nowMs()) }));
    const classes = async () => Object.fromEntries((await store.list(`recordings/${recordingId}/`)).objects.map(({ key, storageClass }) => [key.split('/').slice(2).join('/'), storageClass]));
    const [mover, restored] = [openClassMover({ database, store, clock, logger }), [] as string[]];
    const restores = openRestores({ database, store, clock, logger, onRestored: async ({ _id }, userIds) => void restored.push(_id, ...userIds) });

    clock.advance(31 * day);
    await mover.run({ infrequentAfterDays: 30, archiveAfterDays: 180 }, { signal });
    const media = (storageClass: string) => ({ 'main-video/init-0.mp4': storageClass, 'main-video/000000.m4s': storageClass, 'main-audio/000000.m4s': storageClass, 'main.m3u8': 'standard', 'poster.jpg': 'standard' });
    expect(await classes()).toEqual(media('infrequent'));
    clock.advance(150 * day);
    await mover.run({ infrequentAfterDays: 30, archiveAfterDays: 180 }, { signal });
    expect(await classes()).toEqual(media('archive'));
    const segment = `recordings/${recordingId}/main-video/000000.m4s`;
    if (name === 'moto') await expect(store.get(segment)).rejects.toMatchObject({ code: 'object.archived' });

    await restores.request(videoId, 'usr_1');
    await until('the restored video', async () => {
      await restores.run(signal);
      return (await rows.findOne({ _id: videoId }))?.storageClass === 'standard';
    });
    expect([await classes(), restored]).toEqual([media('standard'), [videoId, 'usr_1']]);
    for (const [key, bytes] of files) expect((await buffer((await store.get(key, { sha256: sha256OfBytes(bytes) })).body)).equals(bytes)).toBe(true);
  });
});
