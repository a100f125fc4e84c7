import * as z from 'zod';
import {
  chatBurstLimit,
  chatBurstWindowMs,
  chatHistoryLimit,
  ChatMessage,
  cleanText,
  DtlsParameters,
  IceParameters,
  IngestHealth,
  Lecture,
  maxChatTextLength,
  MessageId,
  Participant,
  ParticipantId,
  PreferredLayers,
  Publication,
  PublicationId,
  RecordingNote,
  RecordingState,
  RtpCapabilities,
  RtpParameters,
  SubscriptionId,
  TrackKind,
  TrackSource,
  TransportId,
  TransportParameters,
  UserId,
} from '#engine/contract';
import { maxConnectionsPerNode, maxSlowModeMs, maxTicketLength, mediaRequestCost, rosterLimit } from './limits.ts';

const Nothing = z.object({});

/** The room at the moment of joining. What happens later arrives as pushes. */
export const RoomSnapshot = z.object({
  self: Participant,
  lecture: Lecture,
  lectureClockMs: z.number().describe('The lecture clock now.'),
  participants: z.array(Participant).describe(`The first ${rosterLimit} people: presenters, then raised hands, then by time of joining.`),
  participantCount: z.number().int().describe('How many users are in the room. One with several pages counts once.'),
  hasBroadcast: z.boolean().describe('Video or audio has been on the air. If there are no publications now, the broadcast is paused.'),
  publications: z.array(Publication).describe('The tracks that can be subscribed to.'),
  chat: z.array(ChatMessage).describe(`The newest ${chatHistoryLimit} messages, oldest first.`),
  deletedChat: z.array(MessageId).describe(`The newest ${chatHistoryLimit} deletions. A client that was away may still show these messages.`),
  slowModeMs: z.number().int().describe('Least time between two messages of one student; 0 is off.'),
  recording: RecordingState.describe('`behind`: it is safe on the disk of the server, but its upload is late. `failing`: it pauses.'),
  recordingNote: RecordingNote.nullable().describe('Problems of the recording; null without any, and for students.'),
  ingestHealth: IngestHealth.nullable().describe('What the encoder sends; null without one, and for students.'),
  rtpCapabilities: RtpCapabilities.describe("The room's codecs and header extensions, for `device.load({ routerRtpCapabilities })`."),
});
export type RoomSnapshot = z.infer<typeof RoomSnapshot>;

/**
 * The requests, in one table. `request` is the data that the client sends, `ack` the data of a successful
 * acknowledgement; a failed one is `{ ok: false, error }`. Every request but `room.join` requires a joined room. `cost` is in
 * units of the person's budget, 1 when left out.
 */
export const requests = {
  'room.join': {
    summary: 'Enter the room with a ticket from `POST /api/v1/live/join`. The first request of every connection.',
    request: z.object({
      ticket: z.string().max(maxTicketLength),
      as: z.enum(['presenter', 'viewer']).default('viewer').describe('`presenter` requires the role `owner` or `assistant`.'),
    }),
    ack: RoomSnapshot,
  },
  'room.leave': { summary: 'Leave the room. Closing the connection does the same.', request: Nothing, ack: Nothing },
  'roster.list': {
    summary: `List the people in the room, ${rosterLimit} at a time, in the order of the snapshot.`,
    request: z.object({ offset: z.number().int().min(0).max(maxConnectionsPerNode).default(0) }),
    ack: z.object({ participants: z.array(Participant), participantCount: z.number().int() }),
  },

  'transport.open': {
    summary: 'Open a WebRTC transport. A connection has one for each direction: opening another one closes the first. `send` is for presenters.',
    cost: mediaRequestCost,
    request: z.object({
      direction: z.enum(['send', 'recv']),
      rtpCapabilities: RtpCapabilities.optional().describe('What the client can decode, `device.recvRtpCapabilities`, for `recv`. `media.unsupported` when the codec of a track is not among it.'),
    }),
    ack: z.object({
      transportId: TransportId.describe('For further requests; it is not `parameters.id`.'),
      parameters: TransportParameters.describe('For `device.createSendTransport` or `device.createRecvTransport`, together with the ICE servers of the ticket.'),
    }),
  },
  'transport.connect': {
    summary: "Start DTLS, once for each transport: the handler of mediasoup-client's `connect` event.",
    request: z.object({ transportId: TransportId, dtlsParameters: DtlsParameters }),
    ack: Nothing,
  },
  'transport.restartIce': {
    summary: 'Get new ICE parameters after the network has changed, for `transport.restartIce({ iceParameters })`.',
    request: z.object({ transportId: TransportId }),
    ack: z.object({ iceParameters: IceParameters }),
  },

  'track.publish': {
    cost: mediaRequestCost,
    summary: "Publish a track: the handler of mediasoup-client's `produce` event. For presenters. A further track of the same source and kind replaces the first.",
    request: z.object({
      transportId: TransportId.describe('Of a `send` transport.'),
      source: TrackSource.describe('Not `program`, which is for encoders. `camera` is video, `microphone` audio; `screen` can be video or audio.'),
      kind: TrackKind,
      rtpParameters: RtpParameters,
      isPaused: z.boolean().default(false),
    }),
    ack: z.object({ publication: Publication, trackId: z.string().describe('The id of the Producer in mediasoup, for the callback of `produce`. Requests use `publication.id`.') }),
  },
  'track.setPaused': {
    summary: 'Pause or resume an own track.',
    request: z.object({ publicationId: PublicationId, isPaused: z.boolean() }),
    ack: Nothing,
  },
  'track.unpublish': {
    summary: 'Unpublish an own track.',
    request: z.object({ publicationId: PublicationId }),
    ack: Nothing,
  },
  'track.subscribe': {
    cost: mediaRequestCost,
    summary: 'Subscribe to a track. The subscription starts paused: send `subscription.setPaused` when the consumer is ready. A further subscription to a publication replaces the first.',
    request: z.object({
      transportId: TransportId.describe('Of a `recv` transport, which was opened with `rtpCapabilities`.'),
      publicationId: PublicationId,
    }),
    ack: z.object({
      subscriptionId: SubscriptionId,
      parameters: z
        .object({
          id: z.string().describe('The id of the Consumer.'),
          trackId: z.string().describe('The id of the Producer in mediasoup: `producerId` of `transport.consume`.'),
          kind: TrackKind,
          rtpParameters: RtpParameters,
        })
        .describe('For `transport.consume`.'),
    }),
  },
  'subscription.setPaused': {
    summary: 'Pause or resume a subscription.',
    request: z.object({ subscriptionId: SubscriptionId, isPaused: z.boolean() }),
    ack: Nothing,
  },
  'subscription.setPreferredLayers': {
    summary: 'Set the highest layers to receive of a simulcast track.',
    request: z.object({ subscriptionId: SubscriptionId, layers: PreferredLayers.nullable().describe('Null: all layers, as far as the bandwidth allows.') }),
    ack: Nothing,
  },
  'subscription.close': { summary: 'Close a subscription.', request: z.object({ subscriptionId: SubscriptionId }), ack: Nothing },

  'chat.post': {
    summary: `Post a message: at most ${chatBurstLimit} in ${chatBurstWindowMs / 1000} s, and for students one in each interval of slow mode.`,
    request: z.object({ text: z.string().overwrite(cleanText).min(1).max(maxChatTextLength) }),
    ack: z.object({ message: ChatMessage }),
  },
  'chat.delete': {
    summary: 'Delete your own message; moderators can delete any message.',
    request: z.object({ messageId: MessageId }),
    ack: Nothing,
  },
  'chat.setMuted': {
    summary: 'Mute or unmute a user in the chat. For moderators.',
    request: z.object({ userId: UserId, isMuted: z.boolean() }),
    ack: Nothing,
  },
  'chat.setSlowMode': {
    summary: 'Set the least time between two messages of one student; 0 switches slow mode off. For moderators.',
    request: z.object({ intervalMs: z.number().int().min(0).max(maxSlowModeMs) }),
    ack: Nothing,
  },

  'hand.raise': { summary: 'Raise your hand.', request: Nothing, ack: Nothing },
  'hand.lower': {
    summary: "Lower your own hand; moderators can lower any hand.",
    request: z.object({ participantId: ParticipantId.optional() }),
    ack: Nothing,
  },
  'participant.remove': {
    summary: 'Remove a user from the room, for the rest of the lecture and from its replay, until a moderator lets them in again (REST API). For moderators.',
    request: z.object({ userId: UserId }),
    ack: Nothing,
  },
} as const;

export type RequestName = keyof typeof requests;

/** What a request costs of the person's budget. */
export function costOf(name: RequestName): number {
  const spec = requests[name];
  return 'cost' in spec ? spec.cost : 1;
}
export type RequestData<N extends RequestName> = z.infer<(typeof requests)[N]['request']>;
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['request']>;
export type AckData<N extends RequestName> = z.infer<(typeof requests)[N]['ack']>;
