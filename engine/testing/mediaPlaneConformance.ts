import { describe, expect, it } from 'vitest';
import type { MediaTrack } from '../lecture/index.ts';
import { describeMediaClosing } from './mediaClosingConformance.ts';
import { audioIngress, useMediaPlaneBench, videoIngress } from './MediaPlaneBench.ts';
import type { OpenedMediaPlane } from './MediaPlaneBench.ts';
import { until } from './until.ts';

const nowhere = { role: 'client' as const, fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('00').join(':') }] };

/** What every implementation of the MediaPlane port does alike, as far as that can be seen without a browser. */
export function describeMediaPlaneConformance(name: string, openPlane: () => Promise<OpenedMediaPlane>): void {
  describe(`${name} as a MediaPlane`, () => {
    const bench = useMediaPlaneBench(openPlane);
    describeMediaClosing(bench);

    it('is available until it is closed', async () => {
      const { plane } = bench.opened;
      expect(plane.isAvailable).toBe(true);
      await plane.close();
      expect(plane.isAvailable).toBe(false);
    });

    it('reports the viewers of each lecture on its workers', async () => {
      const { plane } = bench.opened;
      const viewers = () => plane.workers.flatMap(({ lectures }) => lectures).reduce((sum, lecture) => sum + lecture.viewers, 0);
      expect(plane.workers.every(({ pid, lectures }) => pid !== null && lectures.every(({ pipes }) => pipes === 0))).toBe(true);
      await bench.room.openClientTransport('send');
      const [one] = [await bench.room.openClientTransport('recv'), await bench.room.openClientTransport('recv')];
      expect(viewers()).toBe(2);
      one.close('participantLeft');
      expect(viewers()).toBe(1);
      bench.room.close('lectureEnded');
      expect(plane.workers.flatMap(({ lectures }) => lectures)).toEqual([]);
    });

    describe('a closed part', () => {
      it('refuses requests to a room', async () => {
        bench.room.close('lectureEnded');
        await expect(bench.room.openClientTransport('send')).rejects.toMatchObject({ code: 'media.unavailable' });
        await expect(bench.room.openRtpIngress(audioIngress)).rejects.toMatchObject({ code: 'media.unavailable' });
      });

      it('refuses requests to a transport', async () => {
        const { parts } = await bench.openEverything();
        const { send, recv, ingressTrack } = parts;
        send.close('participantLeft');
        recv.close('participantLeft');
        const requests = [bench.publish(send, 8), send.connect(nowhere), send.restartIce(), bench.subscribe(recv, ingressTrack)];
        expect(await Promise.allSettled(requests)).toMatchObject(requests.map(() => ({ status: 'rejected', reason: { code: 'media.unavailable' } })));
      });

      it('refuses subscriptions to a track', async () => {
        const { parts } = await bench.openEverything();
        const { recv, published } = parts;
        published.close('unpublished');
        await expect(bench.subscribe(recv, published)).rejects.toMatchObject({ code: 'media.unavailable' });
      });

      it('ignores pause and resume', async () => {
        const { parts } = await bench.openEverything();
        const { ofPublished, published } = parts;
        published.close('unpublished');
        await Promise.all([published.pause(), published.resume(), ofPublished.pause(), ofPublished.resume(), ofPublished.setPreferredLayers(null)]);
      });
    });

    describe('a transport', () => {
      it('publishes tracks with ids of their own, of one layer', async () => {
        const send = await bench.room.openClientTransport('send');
        const tracks = [await bench.publish(send, 1), await bench.publish(send, 2)];
        expect(new Set(tracks.map(({ id }) => id)).size).toBe(2);
        expect(tracks).toMatchObject(tracks.map(() => ({ kind: 'audio', isSimulcast: false, hasMedia: false })));
      });

      it('refuses a second track with the SSRC of a first, until that is closed', async () => {
        const send = await bench.room.openClientTransport('send');
        const first = await bench.publish(send);
        await expect(bench.publish(send)).rejects.toMatchObject({ code: 'request.invalid' });
        first.close('unpublished');
        await bench.publish(send);
      });

      it('refuses a codec that the room does not carry', async () => {
        const send = await bench.room.openClientTransport('send');
        const rtpParameters = { codecs: [{ mimeType: 'video/H265', payloadType: 100, clockRate: 90_000 }], encodings: [{ ssrc: 7 }] };
        await expect(send.publish({ kind: 'video', rtpParameters, isPaused: false })).rejects.toMatchObject({ code: 'media.unsupported' });
      });

      it('describes each subscription', async () => {
        const { track } = await bench.room.openRtpIngress(videoIngress);
        const recv = await bench.room.openClientTransport('recv');
        const [one, two] = [await bench.subscribe(recv, track), await bench.subscribe(recv, track)];
        expect(one.parameters).toMatchObject({ trackId: track.id, kind: 'video' });
        expect(one.parameters.rtpParameters.codecs[0]?.mimeType).toBe('video/H264');
        expect(two.parameters.id).not.toBe(one.parameters.id);
        await Promise.all([one.resume(), one.pause(), one.setPreferredLayers({ spatialLayer: 0 }), two.resume()]);
      });

      it('counts the subscriptions of a track, and those that are resumed', async () => {
        const { track } = await bench.room.openRtpIngress(videoIngress);
        const recv = await bench.room.openClientTransport('recv');
        const reported: string[] = [];
        track.onDemandChanged(({ subscriptions, active }) => reported.push(`${active} of ${subscriptions}`));
        const [one, two] = [await bench.subscribe(recv, track), await bench.subscribe(recv, track)];
        expect(track.demand).toEqual({ subscriptions: 2, active: 0 });
        await one.resume();
        await two.resume();
        await two.pause();
        one.close('unpublished');
        recv.close('participantLeft');
        expect(track.demand).toEqual({ subscriptions: 0, active: 0 });
        expect(reported).toEqual(['0 of 1', '0 of 2', '1 of 2', '2 of 2', '1 of 2', '0 of 1', '0 of 0']);
      });

      it('refuses a subscription to a browser that cannot play the codec', async () => {
        const { track } = await bench.room.openRtpIngress(videoIngress);
        const recv = await bench.room.openClientTransport('recv');
        const { codecs, ...rest } = bench.room.rtpCapabilities;
        const onlyAudio = { ...rest, codecs: codecs?.filter(({ kind }) => kind === 'audio') };
        await expect(recv.subscribe(track, onlyAudio)).rejects.toMatchObject({ code: 'media.unsupported' });
      });

      it('has an id and ICE credentials of its own, and new credentials after a restart', async () => {
        const [one, two] = [await bench.room.openClientTransport('send'), await bench.room.openClientTransport('recv')];
        expect(one.parameters.id).not.toBe(two.parameters.id);
        const restarted = await one.restartIce();
        const passwords = [one.parameters.iceParameters, two.parameters.iceParameters, restarted].map(({ password }) => password);
        expect(new Set(passwords).size).toBe(3);
      });

      it('is connected once, with a fingerprint that makes sense', async () => {
        const send = await bench.room.openClientTransport('send');
        await expect(send.connect({ fingerprints: [{ algorithm: 'none', value: '' }] })).rejects.toMatchObject({ code: 'request.invalid' });
        await send.connect(nowhere);
        await expect(send.connect(nowhere)).rejects.toMatchObject({ code: 'request.invalid' });
      });
    });

    describe('an RTP ingress', () => {
      it('has ports of its own', async () => {
        const [one, two] = [await bench.room.openRtpIngress(videoIngress), await bench.room.openRtpIngress(audioIngress)];
        const ports = [one.rtpPort, one.rtcpPort, two.rtpPort, two.rtcpPort];
        expect(new Set(ports).size).toBe(4);
        expect(Math.min(...ports)).toBeGreaterThan(0);
        expect([one.track.kind, two.track.kind]).toEqual(['video', 'audio']);
      });

      it('notifies once that media has arrived, and a later listener at once', async () => {
        const ingress = await bench.room.openRtpIngress(audioIngress);
        const calls: string[] = [];
        ingress.track.onMedia(() => calls.push('early'));
        ingress.track.onMedia(() => calls.push('removed'))();
        expect(ingress.track.hasMedia).toBe(false);
        const sending = setInterval(() => bench.opened.sendMedia(ingress, audioIngress), 20);
        await until('media', () => ingress.track.hasMedia);
        clearInterval(sending);
        ingress.track.onMedia(() => calls.push('late'));
        bench.opened.sendMedia(ingress, audioIngress);
        await ingress.track.pause();
        await ingress.track.resume();
        expect(calls).toEqual(['early', 'late']);
      });
    });

    describe('the frames of a track', () => {
      const openTap = async (track: MediaTrack) => {
        const calls: string[] = [];
        const handle = await track.frames.open({ format: () => calls.push('format'), frame: () => calls.push('frame'), ended: () => calls.push('ended') });
        return { calls, handle };
      };

      it('end with the track', async () => {
        const { track } = await bench.room.openRtpIngress(audioIngress);
        const { calls } = await openTap(track);
        track.close('unpublished');
        await until('the end', () => calls.length > 0);
        expect(calls).toEqual(['ended']);
      });

      it('end when the reader ends the tap, and not when it closes it', async () => {
        const { track } = await bench.room.openRtpIngress(audioIngress);
        const [ending, closing] = [await openTap(track), await openTap(track)];
        ending.handle.end();
        closing.handle.close();
        await until('the end', () => ending.calls.length > 0);
        ending.handle.end();
        track.close('unpublished');
        const { calls } = await openTap((await bench.room.openRtpIngress(audioIngress)).track);
        expect([ending.calls, closing.calls, calls]).toEqual([['ended'], [], []]);
      });

      it('cannot be read when the track is closed', async () => {
        const { track } = await bench.room.openRtpIngress(audioIngress);
        track.close('unpublished');
        await expect(openTap(track)).rejects.toMatchObject({ code: 'publication.notFound' });
      });
    });
  });
}
