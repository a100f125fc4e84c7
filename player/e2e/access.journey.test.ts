import { describe, expect } from 'vitest';
import type { LectureId, VideoId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../demo/SyntheticEncoder.ts';
import type { Classroom } from './Classroom.ts';
import { it } from './classroomTest.ts';

describe('access to a lecture and its recording', () => {
  let classroom: Classroom;
  let noor: Person;
  let lectureId: LectureId;
  let videoId: VideoId;
  let encoder: SyntheticEncoder;

  const fetchMedia = (address: string) => fetch(new URL(address, classroom.url));

  /** What the page of that person fetches: a multivariant playlist, a media playlist and a segment. */
  async function mediaAddresses(person: Person): Promise<string[]> {
    const { tracks } = await person.api.getPlayback({ params: { videoId } });
    const master = new URL(tracks[0]?.masterUrl ?? '', classroom.url);
    const media = new URL(uris(await (await fetch(master)).text()).find((uri) => uri.endsWith('.m3u8')) ?? '', master);
    const segment = await until('a segment', async () => uris(await (await fetch(media)).text()).find((uri) => uri.endsWith('.m4s')), 20_000);
    return [master.href, media.href, new URL(segment, media).href];
  }

  const uris = (playlist: string) => [...playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#')), ...[...playlist.matchAll(/URI="([^"]+)"/g)].map(([, uri]) => uri ?? '')];

  it.beforeAll(async ({ classroom: shared }) => {
    classroom = shared;
    noor = await classroom.student('Noor');
    lectureId = await classroom.startLecture();
    encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180' });
    videoId = await until('the recording', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId, 30_000);
    await until('a first playlist', () => noor.api.getPlayback({ params: { videoId } }).catch(() => undefined), 30_000);
  });

  it.afterAll(() => encoder?.stop());

  it('is given to an enrolled student: the room, the playlists and a segment', async () => {
    const visit = await RoomVisit.enter(classroom.url, noor, lectureId);
    visit.leave();
    for (const address of await mediaAddresses(noor)) expect((await fetchMedia(address)).status).toBe(200);
  });

  it('is refused to an account that is not enrolled', async () => {
    const stranger = await classroom.signUp('Stranger');
    await expect(stranger.api.joinLecture({ body: { lectureId } })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(stranger.api.getPlayback({ params: { videoId } })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(stranger.api.getLectureChat({ params: { lectureId }, query: {} })).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('is refused without a token, and with a forged one', async () => {
    for (const address of await mediaAddresses(noor)) {
      const token = /\/media\/([^/]+)\//.exec(address)?.[1] ?? '';
      const [header, payload] = token.split('.');
      const forged = `${header}.${payload}.${'A'.repeat(86)}`;
      for (const wrong of [forged, 'x', `${header}.${payload}.`]) {
        const response = await fetchMedia(address.replace(token, wrong));
        expect([401, 403, 404]).toContain(response.status);
      }
    }
    expect((await fetch(`${classroom.url}/api/v1/live/join`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ lectureId }) })).status).toBe(401);
  });

  it('ends at once for a removed student, and a little later for addresses that were passed on', async () => {
    const mallory = await classroom.student('Mallory');
    const passedOn = await mediaAddresses(mallory);
    const visit = await RoomVisit.enter(classroom.url, mallory, lectureId);
    const ada = await RoomVisit.enter(classroom.url, classroom.ada, lectureId);
    const { id: userId } = await mallory.api.getProfile();
    await ada.ask('participant.remove', { userId });
    await until('the socket to be closed', () => !visit.socket.connected);
    await expect(mallory.api.joinLecture({ body: { lectureId } })).rejects.toMatchObject({ code: 'participant.removed' });
    await expect(mallory.api.getPlayback({ params: { videoId } })).rejects.toMatchObject({ code: 'participant.removed' });
    for (const address of passedOn) await until(`${address} to expire`, async () => (await fetchMedia(address)).status === 403, 60_000);
    for (const address of await mediaAddresses(noor)) expect((await fetchMedia(address)).status).toBe(200);
    ada.leave();
  });
});
