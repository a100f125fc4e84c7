import { expect, it } from 'vitest';
import { LectureId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { maxCachedPermissions, permissionLifetimeMs } from '../limits.ts';
import type { MediaViewer } from './RecordingLibrary.ts';
import { WatchPermissions } from './WatchPermissions.ts';

function countedGate() {
  const asked: string[] = [];
  const clock = new ManualClock();
  const mayWatch = async ({ loginId }: MediaViewer) => {
    asked.push(loginId);
    return !loginId.startsWith('removed');
  };
  return { asked, clock, permissions: new WatchPermissions({ mayWatch }, clock) };
}

const [sam, optics, waves] = [UserId.parse(newId('usr')), LectureId.parse(newId('lec')), LectureId.parse(newId('lec'))];
const viewer = (loginId: string, lectureId = optics): MediaViewer => ({ userId: sam, loginId, lectureId });

it('asks once for each viewer and lifetime, and again after a removal', async () => {
  const { asked, clock, permissions } = countedGate();
  for (let time = 0; time < 3; time += 1) await permissions.require(viewer('sam'));
  await permissions.require(viewer('sam', waves));
  expect(asked).toHaveLength(2);
  permissions.forget(sam, optics);
  await permissions.require(viewer('sam'));
  expect(asked).toHaveLength(3);
  clock.advance(permissionLifetimeMs);
  await permissions.require(viewer('sam'));
  expect(asked).toHaveLength(4);
});

it('caches a refusal, and forgets a failure', async () => {
  const { asked, permissions } = countedGate();
  for (let time = 0; time < 2; time += 1) await expect(permissions.require(viewer('removed'))).rejects.toMatchObject({ code: 'access.denied' });
  expect(asked).toHaveLength(1);
  let isFailing = true;
  const failing = new WatchPermissions({ mayWatch: async () => (isFailing ? Promise.reject(new Error('no database')) : true) }, new ManualClock());
  await expect(failing.require(viewer('sam'))).rejects.toThrow('no database');
  isFailing = false;
  await failing.require(viewer('sam'));
});

it('keeps the newest of more viewers than it has room for', async () => {
  const { asked, permissions } = countedGate();
  for (let count = 0; count <= maxCachedPermissions; count += 1) await permissions.require(viewer(`student-${count}`));
  await permissions.require(viewer(`student-${maxCachedPermissions}`));
  expect(asked).toHaveLength(maxCachedPermissions + 1);
  await permissions.require(viewer('student-0'));
  expect(asked).toHaveLength(maxCachedPermissions + 2);
});
