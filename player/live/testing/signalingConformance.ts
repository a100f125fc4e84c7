import { describe, expect, it } from 'vitest';
import type { Publication } from '#engine/contract';
import { requests } from '#signaling/contract';
import type { RequestInput } from '#signaling/contract';
import type { AnyPush, Signaling } from '../SignalingClient.ts';

/** A presenter who has joined a room, with controls for the rest of the room. */
export interface JoinedRoom {
  signaling: Signaling;
  /** The pushes that have arrived. */
  pushes: readonly AnyPush[];
  /** Another participant publishes a camera. */
  publishOther: () => Publication;
  /** The first media of an own publication reaches the server. */
  mediaArrives: (publication: Publication) => void;
  /** The time passes for which the server keeps a track that goes on standby, until the new one arrives at viewers. */
  passHandover: () => void;
  /** Resolves when the pushes of everything before have arrived. */
  settle: () => Promise<void>;
}

const rtpParameters = { codecs: [{ mimeType: 'video/H264', payloadType: 102, clockRate: 90_000 }] };
const rtpCapabilities: RequestInput<'transport.open'>['rtpCapabilities'] = { codecs: [{ kind: 'video', mimeType: 'video/H264', clockRate: 90_000, preferredPayloadType: 102 }], headerExtensions: [] };
const dtlsParameters: RequestInput<'transport.connect'>['dtlsParameters'] = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: '00' }] };

/** What TrackPublisher, TrackReceiver and MediaLink rely on. The fake and the server pass the same suite. */
export function describeSignaling(name: string, open: () => Promise<JoinedRoom>): void {
  async function openRoom() {
    const { signaling, pushes, publishOther, mediaArrives, passHandover, settle } = await open();
    const openTransport = async (direction: 'send' | 'recv') => (await signaling.request('transport.open', { direction, rtpCapabilities })).transportId;
    const publish = (transportId: RequestInput<'track.publish'>['transportId'], source: 'camera' | 'screen' = 'camera') =>
      signaling.request('track.publish', { transportId, source, kind: 'video', rtpParameters });
    const subscribe = (transportId: RequestInput<'track.subscribe'>['transportId'], { id: publicationId }: Publication) =>
      signaling.request('track.subscribe', { transportId, publicationId });
    const closed = async () => {
      await settle();
      return pushes.flatMap((push) => (push.name === 'subscription.closed' ? [push.data.subscriptionId] : []));
    };
    return { signaling, publishOther, mediaArrives, passHandover, openTransport, publish, subscribe, closed };
  }

  describe(`the media requests of ${name}`, () => {
    it('are acknowledged as the contract says', async () => {
      const { signaling, publishOther, openTransport, publish, subscribe } = await openRoom();
      requests['transport.open'].ack.parse(await signaling.request('transport.open', { direction: 'send' }));
      const transportId = await openTransport('send');
      requests['transport.connect'].ack.parse(await signaling.request('transport.connect', { transportId, dtlsParameters }));
      requests['transport.restartIce'].ack.parse(await signaling.request('transport.restartIce', { transportId }));
      const published = requests['track.publish'].ack.parse(await publish(transportId));
      expect(published.publication).toMatchObject({ source: 'camera', kind: 'video', isPaused: false });
      requests['track.setPaused'].ack.parse(await signaling.request('track.setPaused', { publicationId: published.publication.id, isPaused: true }));
      const { subscriptionId, parameters } = requests['track.subscribe'].ack.parse(await subscribe(await openTransport('recv'), publishOther()));
      expect(parameters.kind).toBe('video');
      requests['subscription.setPaused'].ack.parse(await signaling.request('subscription.setPaused', { subscriptionId, isPaused: false }));
      requests['subscription.setPreferredLayers'].ack.parse(await signaling.request('subscription.setPreferredLayers', { subscriptionId, layers: null }));
    });

    it('are refused for a transport that was replaced by another of its direction', async () => {
      const { signaling, openTransport, publish } = await openRoom();
      const [earlier, recv] = [await openTransport('send'), await openTransport('recv')];
      const transportId = await openTransport('send');
      const refusal = { code: 'transport.notFound' };
      await expect(signaling.request('transport.connect', { transportId: earlier, dtlsParameters })).rejects.toMatchObject(refusal);
      await expect(signaling.request('transport.restartIce', { transportId: earlier })).rejects.toMatchObject(refusal);
      await expect(publish(earlier)).rejects.toMatchObject(refusal);
      await expect(publish(recv)).rejects.toMatchObject(refusal);
      await publish(transportId);
    });

    it('publish a source once: a further track replaces the first', async () => {
      const { signaling, openTransport, publish } = await openRoom();
      const transportId = await openTransport('send');
      const [first, second] = [await publish(transportId), await publish(transportId)];
      await publish(transportId, 'screen');
      await expect(signaling.request('track.unpublish', { publicationId: first.publication.id })).rejects.toMatchObject({ code: 'publication.notFound' });
      await signaling.request('track.unpublish', { publicationId: second.publication.id });
      await expect(signaling.request('track.unpublish', { publicationId: second.publication.id })).rejects.toMatchObject({ code: 'publication.notFound' });
    });

    it('end the publications of a transport that is replaced', async () => {
      const { signaling, openTransport, publish } = await openRoom();
      const { publication } = await publish(await openTransport('send'));
      await openTransport('send');
      await expect(signaling.request('track.unpublish', { publicationId: publication.id })).rejects.toMatchObject({ code: 'publication.notFound' });
    });

    it('do not unpublish the tracks of others', async () => {
      const { signaling, publishOther } = await openRoom();
      await expect(signaling.request('track.unpublish', { publicationId: publishOther().id })).rejects.toMatchObject({ code: 'publication.notFound' });
    });

    it('subscribe to a track once: a further subscription closes the first, with a push', async () => {
      const { signaling, publishOther, openTransport, subscribe, closed } = await openRoom();
      const [transportId, publication] = [await openTransport('recv'), publishOther()];
      const { subscriptionId } = await subscribe(transportId, publication);
      const second = await subscribe(transportId, publication);
      expect(await closed()).toEqual([subscriptionId]);
      await expect(signaling.request('subscription.setPaused', { subscriptionId, isPaused: false })).rejects.toMatchObject({ code: 'subscription.notFound' });
      await signaling.request('subscription.setPaused', { subscriptionId: second.subscriptionId, isPaused: false });
    });

    it('close the subscriptions of a transport that is replaced, with a push', async () => {
      const { publishOther, openTransport, subscribe, closed } = await openRoom();
      const publication = publishOther();
      const { subscriptionId } = await subscribe(await openTransport('recv'), publication);
      await subscribe(await openTransport('recv'), publication);
      expect(await closed()).toEqual([subscriptionId]);
    });

    it('close the subscription to a track that goes on standby, with a push, and refuse another one', async () => {
      const { publishOther, mediaArrives, passHandover, openTransport, publish, subscribe, closed } = await openRoom();
      const [send, recv] = [await openTransport('send'), await openTransport('recv')];
      const other = publishOther();
      const { subscriptionId } = await subscribe(recv, other);
      mediaArrives((await publish(send, 'screen')).publication);
      expect(await closed()).toEqual([]);
      mediaArrives((await publish(send)).publication);
      passHandover();
      expect(await closed()).toEqual([subscriptionId]);
      await expect(subscribe(recv, other)).rejects.toMatchObject({ code: 'media.unavailable' });
    });

    it('refuse a subscription to a track that is not published, and over a transport that is not open', async () => {
      const { signaling, publishOther, openTransport, publish, subscribe } = await openRoom();
      const [send, recv] = [await openTransport('send'), await openTransport('recv')];
      const { publication } = await publish(send);
      await signaling.request('track.unpublish', { publicationId: publication.id });
      await expect(subscribe(recv, publication)).rejects.toMatchObject({ code: 'publication.notFound' });
      await expect(subscribe(send, publishOther())).rejects.toMatchObject({ code: 'transport.notFound' });
    });

    it('close a subscription without a push when the page asks for it', async () => {
      const { signaling, publishOther, openTransport, subscribe, closed } = await openRoom();
      const { subscriptionId } = await subscribe(await openTransport('recv'), publishOther());
      await signaling.request('subscription.close', { subscriptionId });
      expect(await closed()).toEqual([]);
      await expect(signaling.request('subscription.close', { subscriptionId })).rejects.toMatchObject({ code: 'subscription.notFound' });
    });
  });
}
