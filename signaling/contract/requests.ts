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
  MediaGap,
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
  participantCount: z.number().int().describe('Number of users in the room. A user with several pages counts once.'),
  hasBroadcast: z.boolean().describe('True once video or audio has been on the air. If it is true and there are no publications, the broadcast is paused.'),
  gap: MediaGap.nullable().describe('The time without media in which the lecture is. Null while media arrives.'),
  publications: z.array(Publication).describe('The tracks that can be subscribed to.'),
  chat: z.array(ChatMessage).describe(`The newest ${chatHistoryLimit} messages, oldest first.`),
  deletedChat: z.array(MessageId).describe(`The newest ${chatHistoryLimit} deleted messages. A client that joins again may still show them.`),
  slowModeMs: z.number().int().describe('Minimum time between two messages of one student; 0 means that slow mode is off.'),
  recording: RecordingState.describe('`behind`: the recording is safe on the disk of the server, but its upload is late. `failing`: the recording pauses.'),
  recordingNote: RecordingNote.nullable().describe('Problems of the recording. Null if there are none, and always null for students.'),
  ingestHealth: IngestHealth.nullable().describe('What the encoder sends. Null without an encoder, and always null for students.'),
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
    summary: 'Open a WebRTC transport. A connection has one for each direction: opening another one closes the first. `send` is for presenters. Fails with `lecture.full` if this server cannot send the lecture to one more viewer: try again after ten seconds. A user who received media in the last two minutes keeps the place.',
    cost: mediaRequestCost,
    request: z.object({
      direction: z.enum(['send', 'recv']),
      rtpCapabilities: RtpCapabilities.optional().describe('For `recv`: what the client can decode, `device.recvRtpCapabilities`. `track.subscribe` fails with `media.unsupported` if the codec of the track is not among them.'),
    }),
    ack: z.object({
      transportId: TransportId.describe('The id for later requests. It is not `parameters.id`.'),
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
    summary: "Publish a track: the handler of mediasoup-client's `produce` event. For presenters. Another track of the same source and kind replaces the first.",
    request: z.object({
      transportId: TransportId.describe('Of a `send` transport.'),
      source: TrackSource.describe('`camera` is video, `microphone` is audio, `screen` can be video or audio. `program` is refused: it is for encoders.'),
      kind: TrackKind,
      rtpParameters: RtpParameters,
      isPaused: z.boolean().default(false),
    }),
    ack: z.object({ publication: Publication, trackId: z.string().describe('The id of the Producer in mediasoup, for the callback of `produce`. Requests use `publication.id`.') }),
  },
  'track.setPaused': {
    summary: 'Pause or resume one of your own tracks.',
    request: z.object({ publicationId: PublicationId, isPaused: z.boolean() }),
    ack: Nothing,
  },
  'track.unpublish': {
    summary: 'Unpublish one of your own tracks.',
    request: z.object({ publicationId: PublicationId }),
    ack: Nothing,
  },
  'track.subscribe': {
    cost: mediaRequestCost,
    summary: 'Subscribe to a track. The subscription starts paused: send `subscription.setPaused` when the consumer is ready. Another subscription to the same publication replaces the first.',
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
    summary: 'Set the highest layers of a simulcast track that the client wants to receive.',
    request: z.object({ subscriptionId: SubscriptionId, layers: PreferredLayers.nullable().describe('Null: all layers, as far as the bandwidth allows.') }),
    ack: Nothing,
  },
  'subscription.close': { summary: 'Close a subscription.', request: z.object({ subscriptionId: SubscriptionId }), ack: Nothing },

  'chat.post': {
    summary: `Post a message. The limit is ${chatBurstLimit} messages in ${chatBurstWindowMs / 1000} s; in slow mode, a student can post one message in each interval.`,
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
    summary: 'Set the minimum time between two messages of one student; 0 switches slow mode off. For moderators.',
    request: z.object({ intervalMs: z.number().int().min(0).max(maxSlowModeMs) }),
    ack: Nothing,
  },

  'hand.raise': { summary: 'Raise your hand.', request: Nothing, ack: Nothing },
  'hand.lower': {
    summary: "Lower your own hand; moderators can lower any hand.",
    request: z.object({ participantId: ParticipantId.optional() }),
    ack: Nothing,
  },
  'hand.lowerAll': { summary: 'Lower all hands. For moderators.', request: Nothing, ack: Nothing },
  'air.choose': {
    summary: 'Choose whose camera and microphone, or program, students receive and the recording contains, while several presenters or an encoder send. The others go to standby. The choice ends when another presenter starts to send. For presenters.',
    request: z.object({ participantId: ParticipantId.describe('The `participantId` of a publication.') }),
    ack: Nothing,
  },
  'participant.remove': {
    summary: 'Remove a user from the room. Until a moderator readmits them with the REST API, the user can neither join the lecture nor watch its replay. For moderators.',
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
