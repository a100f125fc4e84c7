import { expect, it } from 'vitest';
import { UserId, VideoId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { maxCachedPermissions, permissionLifetimeMs } from '../limits.ts';
import type { MediaViewer } from './RecordingLibrary.ts';
import { WatchPermissions } from './WatchPermissions.ts';

function countedGate() {
  const asked: string[] = [];
  const clock = new ManualClock();
  const mayWatch = async (viewer: MediaViewer) => {
    const loginId = 'loginId' in viewer ? viewer.loginId : viewer.linkId;
    asked.push(loginId);
    return !loginId.startsWith('removed');
  };
  return { asked, clock, permissions: new WatchPermissions({ mayWatch }, clock) };
}

const [sam, optics, waves] = [UserId.parse(newId('usr')), VideoId.parse(newId('vid')), VideoId.parse(newId('vid'))];
const viewer = (loginId: string): MediaViewer => ({ userId: sam, loginId });

it('asks once for each viewer and lifetime, and again after a removal', async () => {
  const { asked, clock, permissions } = countedGate();
  for (let time = 0; time < 3; time += 1) await permissions.require(viewer('sam'), optics);
  await permissions.require(viewer('sam'), waves);
  expect(asked).toHaveLength(2);
  permissions.forgetUser(sam);
  await permissions.require(viewer('sam'), optics);
  expect(asked).toHaveLength(3);
  clock.advance(permissionLifetimeMs);
  await permissions.require(viewer('sam'), optics);
  expect(asked).toHaveLength(4);
});

it('forgets one video, one login or one sharing link when that is revoked', async () => {
  const { asked, permissions } = countedGate();
  const byLink: MediaViewer = { linkId: 'link' };
  const everything = async () => {
    for (const videoId of [optics, waves]) for (const who of [viewer('sam'), byLink]) await permissions.require(who, videoId);
    return asked.splice(0);
  };
  expect(await everything()).toEqual(['sam', 'link', 'sam', 'link']);
  expect(await everything()).toEqual([]);
  permissions.forgetVideo(waves);
  expect(await everything()).toEqual(['sam', 'link']);
  permissions.forgetLink('link');
  expect(await everything()).toEqual(['link', 'link']);
  permissions.forgetLogin('sam');
  expect(await everything()).toEqual(['sam', 'sam']);
});

it('caches a refusal, and forgets a failure', async () => {
  const { asked, permissions } = countedGate();
  for (let time = 0; time < 2; time += 1) await expect(permissions.require(viewer('removed'), optics)).rejects.toMatchObject({ code: 'access.denied' });
  expect(asked).toHaveLength(1);
  let isFailing = true;
  const failing = new WatchPermissions({ mayWatch: async () => (isFailing ? Promise.reject(new Error('no database')) : true) }, new ManualClock());
  await expect(failing.require(viewer('sam'), optics)).rejects.toThrow('no database');
  isFailing = false;
  await failing.require(viewer('sam'), optics);
});

it('keeps the newest of more viewers than it has room for', async () => {
  const { asked, permissions } = countedGate();
  for (let count = 0; count <= maxCachedPermissions; count += 1) await permissions.require(viewer(`student-${count}`), optics);
  await permissions.require(viewer(`student-${maxCachedPermissions}`), optics);
  expect(asked).toHaveLength(maxCachedPermissions + 1);
  await permissions.require(viewer('student-0'), optics);
  expect(asked).toHaveLength(maxCachedPermissions + 2);
});
