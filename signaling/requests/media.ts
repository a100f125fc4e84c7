import { requireRole } from '#engine';
import { CodedError } from '#engine/contract';
import type { Participant } from '#engine/contract';
import { commonCapabilities } from '../commonCapabilities.ts';
import type { Handlers } from './handler.ts';

type MediaRequests =
  | 'transport.open'
  | 'transport.connect'
  | 'transport.restartIce'
  | 'track.publish'
  | 'track.setPaused'
  | 'track.unpublish'
  | 'track.subscribe'
  | 'air.choose'
  | 'subscription.setPaused'
  | 'subscription.setPreferredLayers'
  | 'subscription.close';

export const mediaHandlers: Handlers<MediaRequests> = {
  'transport.open': async ({ connection, places }, { direction, rtpCapabilities }) => {
    const { lecture, participant } = connection.member;
    if (direction === 'send') requirePresenter(participant);
    const room = lecture.requireRoom();
    const hasPlace = participant.kind === 'presenter' || places.has(lecture.id, participant.userId);
    const transport = await room.openClientTransport(direction, { hasPlace });
    if (connection.membership?.participant.id !== participant.id) {
      transport.close('participantLeft');
      throw new CodedError('participant.notFound', 'You left the room while the transport was opening. Join again.');
    }
    if (direction === 'recv') places.take(lecture.id, participant.userId, transport);
    const receives = rtpCapabilities && commonCapabilities(rtpCapabilities, room.rtpCapabilities);
    return { transportId: connection.addTransport({ direction, transport, rtpCapabilities: receives }), parameters: transport.parameters };
  },

  'transport.connect': async ({ connection }, { transportId, dtlsParameters }) => {
    await connection.transport(transportId).connect(dtlsParameters);
    return {};
  },

  'transport.restartIce': async ({ connection }, { transportId }) => {
    return { iceParameters: await connection.transport(transportId).restartIce() };
  },

  'track.publish': async ({ connection }, { transportId, source, kind, rtpParameters, isPaused }) => {
    const { lecture, participant } = connection.member;
    requirePresenter(participant);
    if (source === 'program') throw new CodedError('request.invalid', 'A browser publishes camera, screen or microphone. The source program is reserved for encoders.');
    if ((source === 'microphone') !== (kind === 'audio') && source !== 'screen') throw new CodedError('request.invalid', `A ${source} track cannot be ${kind}.`);
    if (!rtpParameters.codecs[0]?.mimeType.startsWith(`${kind}/`)) throw new CodedError('request.invalid', `The codec of this track is not a codec for ${kind}.`);
    const track = await connection.transport(transportId, 'send').publish({ kind, rtpParameters, isPaused });
    const publication = lecture.publish(participant.id, { source, kind, track, isPaused });
    return { publication, trackId: track.id };
  },

  'track.setPaused': async ({ connection }, { publicationId, isPaused }) => {
    const { lecture, participant } = connection.member;
    await lecture.setPaused(participant.id, publicationId, isPaused);
    return {};
  },

  'track.unpublish': ({ connection }, { publicationId }) => {
    const { lecture, participant } = connection.member;
    lecture.unpublish(participant.id, publicationId);
    return {};
  },

  'track.subscribe': async ({ connection }, { transportId, publicationId }) => {
    const { lecture } = connection.member;
    const { track, view } = lecture.publications.get(publicationId);
    const { transport, rtpCapabilities } = connection.receivingTransport(transportId);
    if (!track) throw new CodedError('media.unavailable', 'This track is being connected; try again in a moment.');
    if (view.isStandby) throw onStandby();
    const subscription = await transport.subscribe(track, rtpCapabilities);
    if (lecture.publications.find(publicationId)?.view.isStandby) {
      subscription.close('unpublished');
      throw onStandby();
    }
    return { subscriptionId: connection.addSubscription(publicationId, subscription), parameters: subscription.parameters };
  },

  'air.choose': ({ connection }, { participantId }) => {
    const { lecture, participant } = connection.member;
    requirePresenter(participant);
    lecture.choose(participantId);
    return {};
  },

  'subscription.setPaused': async ({ connection }, { subscriptionId, isPaused }) => {
    const subscription = connection.subscription(subscriptionId);
    await (isPaused ? subscription.pause() : subscription.resume());
    return {};
  },

  'subscription.setPreferredLayers': async ({ connection }, { subscriptionId, layers }) => {
    await connection.subscription(subscriptionId).setPreferredLayers(layers);
    return {};
  },

  'subscription.close': ({ connection }, { subscriptionId }) => {
    connection.closeSubscription(subscriptionId);
    return {};
  },
};

function onStandby(): CodedError {
  return new CodedError('media.unavailable', 'Another presenter or encoder is on the air.');
}

/** Who may present, and has joined to do so. @throws CodedError `access.denied` */
function requirePresenter(participant: Participant): void {
  requireRole(participant, 'lecture.present');
  if (participant.kind !== 'presenter') throw new CodedError('access.denied', 'You cannot send video or audio: you joined to watch. Open the lecture in the studio.');
}
