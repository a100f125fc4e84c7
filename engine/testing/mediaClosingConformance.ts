import { describe, expect, it } from 'vitest';
import { recordCloses } from './MediaPlaneBench.ts';
import type { MediaPlaneBench } from './MediaPlaneBench.ts';
import { until } from './until.ts';

/** How the parts of a media plane close. The bench opens a new room for each test. */
export function describeMediaClosing(bench: MediaPlaneBench): void {
  describe('when a part closes', () => {
    it('a room closes everything in it with its reason, children before their parents', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      bench.room.close('lectureEnded');
      expect(closes).toHaveLength(7);
      expect(new Set(closes.map(({ reason }) => reason))).toEqual(new Set(['lectureEnded']));
      const at = (part: keyof typeof parts) => closes.findIndex((close) => close.name === part);
      const pairs = [['ofPublished', 'published'], ['ofPublished', 'recv'], ['ofIngress', 'ingressTrack'], ['ofIngress', 'recv'], ['published', 'send'], ['send', 'room'], ['recv', 'room'], ['ingressTrack', 'room']] as const;
      for (const [child, parent] of pairs) expect(at(child), `${child} before ${parent}`).toBeLessThan(at(parent));
    });

    it('a track closes its subscriptions first, and leaves their transport open', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      parts.published.close('unpublished');
      expect(closes).toEqual([{ name: 'ofPublished', reason: 'unpublished' }, { name: 'published', reason: 'unpublished' }]);
      await bench.subscribe(parts.recv, parts.ingressTrack);
    });

    it('a transport closes its tracks, and the subscriptions of others to them', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      parts.send.close('participantLeft');
      expect(closes).toEqual(['ofPublished', 'published', 'send'].map((part) => ({ name: part, reason: 'participantLeft' })));
    });

    it('a transport closes its subscriptions, and leaves their tracks open', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      parts.recv.close('participantLeft');
      expect(closes).toEqual(['ofPublished', 'ofIngress', 'recv'].map((part) => ({ name: part, reason: 'participantLeft' })));
      const next = await bench.room.openClientTransport('recv');
      await Promise.all([bench.subscribe(next, parts.published), bench.subscribe(next, parts.ingressTrack)]);
    });

    it('a subscription closes alone', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      parts.ofPublished.close('unpublished');
      expect(closes).toEqual([{ name: 'ofPublished', reason: 'unpublished' }]);
    });

    it('an ingress closes its track, and the subscriptions to it', async () => {
      const { ingress, parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      ingress.close('replaced');
      expect(closes).toEqual(['ofIngress', 'ingressTrack'].map((part) => ({ name: part, reason: 'replaced' })));
    });

    it('the first reason counts, and everyone is notified once', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses({ published: parts.published });
      parts.published.close('unpublished');
      parts.published.close('replaced');
      parts.send.close('transportClosed');
      bench.room.close('lectureEnded');
      expect(closes).toEqual([{ name: 'published', reason: 'unpublished' }]);
    });

    it('a listener that comes later is called at once', async () => {
      const { parts } = await bench.openEverything();
      bench.room.close('lectureEnded');
      expect(recordCloses(parts)).toEqual(Object.keys(parts).map((part) => ({ name: part, reason: 'lectureEnded' })));
    });

    it('a listener that was removed is not called, and one that throws does not keep the others from being called', async () => {
      const { parts } = await bench.openEverything();
      const calls: string[] = [];
      parts.published.onClosed(() => calls.push('removed'))();
      parts.published.onClosed(() => {
        throw new Error('a listener fails');
      });
      parts.published.onClosed((reason) => calls.push(reason));
      parts.published.close('unpublished');
      expect(calls).toEqual(['unpublished']);
    });
  });

  describe('when a worker dies', () => {
    it('everything in its rooms closes with workerDied, and another room opens', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      bench.opened.killWorker(bench.room);
      await until('everything to close', () => closes.length === 7);
      expect(new Set(closes.map(({ reason }) => reason))).toEqual(new Set(['workerDied']));
      const next = await bench.openRoom();
      await next.openClientTransport('recv');
    });
  });

  describe('when the plane closes', () => {
    it('its rooms close with stopping, and no other opens', async () => {
      const { parts } = await bench.openEverything();
      const closes = recordCloses(parts);
      await bench.opened.plane.close();
      expect(closes.map(({ reason }) => reason)).toEqual(Array(7).fill('stopping'));
      await expect(bench.openRoom()).rejects.toMatchObject({ code: 'server.stopping' });
    });
  });
}
