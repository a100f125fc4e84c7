import * as z from 'zod';
import {
  chatBurstLimit,
  chatBurstWindowMs,
  ChatMessage,
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
import { maxConnectionsPerNode, maxSlowModeMs, maxTicketLength } from './limits.ts';

const Nothing = z.object({});

/** The room as it is at the moment of joining; what happens after it arrives as pushes, none lost in between. */
export const RoomSnapshot = z.object({
  self: Participant,
  lecture: Lecture,
  /** The lecture clock now, in ms; the browser's own clock is not trusted. */
  lectureClockMs: z.number(),
  /** Up to `rosterLimit` people, presenters first; `participantCount` says how many there are. */
  participants: z.array(Participant),
  participantCount: z.number().int(),
  publications: z.array(Publication),
  /** The newest messages, oldest first. */
  chat: z.array(ChatMessage),
  slowModeMs: z.number().int(),
  recording: RecordingState,
  /** Null for those who may not present, and while nothing is wrong. */
  recordingNote: RecordingNote.nullable(),
  /** Null for those who may not present. */
  ingestHealth: IngestHealth.nullable(),
  rtpCapabilities: RtpCapabilities,
});
export type RoomSnapshot = z.infer<typeof RoomSnapshot>;

/**
 * Everything a browser may ask, in one table. `request` is what it sends, `ack` what it gets when all went well; a
 * failure is `{ ok: false, error: { code, message } }`. Everything but `room.join` needs a joined room first.
 */
export const requests = {
  'room.join': {
    summary: 'Enter the room with a ticket from `POST /api/v1/live/join`. The first request of every connection.',
    request: z.object({ ticket: z.string().max(maxTicketLength), as: z.enum(['presenter', 'viewer']).default('viewer') }),
    ack: RoomSnapshot,
  },
  'room.leave': { summary: 'Leave. Closing the socket does the same.', request: Nothing, ack: Nothing },
  'roster.list': {
    summary: 'Who is here, paged by `offset`.',
    request: z.object({ offset: z.number().int().min(0).max(maxConnectionsPerNode).default(0) }),
    ack: z.object({ participants: z.array(Participant), participantCount: z.number().int() }),
  },

  'transport.open': {
    summary: 'Open a WebRTC transport. At most one for each direction; opening again closes the earlier one.',
    request: z.object({ direction: z.enum(['send', 'recv']) }),
    ack: z.object({ transportId: TransportId, parameters: TransportParameters }),
  },
  'transport.connect': {
    summary: "Give the browser's DTLS parameters; once.",
    request: z.object({ transportId: TransportId, dtlsParameters: DtlsParameters }),
    ack: Nothing,
  },
  'transport.restartIce': {
    summary: 'New ICE credentials, after the network changed.',
    request: z.object({ transportId: TransportId }),
    ack: z.object({ iceParameters: IceParameters }),
  },

  'track.publish': {
    summary: 'Offer a track to the room. Presenters only; publishing a source again replaces it.',
    request: z.object({
      transportId: TransportId,
      source: TrackSource,
      kind: TrackKind,
      rtpParameters: RtpParameters,
      isPaused: z.boolean().default(false),
    }),
    ack: z.object({ publication: Publication, /** mediasoup's id of the Producer. */ trackId: z.string() }),
  },
  'track.setPaused': {
    summary: 'Mute or unmute a track of one\'s own.',
    request: z.object({ publicationId: PublicationId, isPaused: z.boolean() }),
    ack: Nothing,
  },
  'track.unpublish': {
    summary: 'Take a track of one\'s own back.',
    request: z.object({ publicationId: PublicationId }),
    ack: Nothing,
  },
  'track.subscribe': {
    summary: 'Take a track. It starts paused: call `subscription.setPaused` when the browser is ready for it.',
    request: z.object({ transportId: TransportId, publicationId: PublicationId, rtpCapabilities: RtpCapabilities }),
    ack: z.object({
      subscriptionId: SubscriptionId,
      parameters: z.object({ id: z.string(), trackId: z.string(), kind: TrackKind, rtpParameters: RtpParameters }),
    }),
  },
  'subscription.setPaused': {
    summary: 'Stop or go on receiving a track.',
    request: z.object({ subscriptionId: SubscriptionId, isPaused: z.boolean() }),
    ack: Nothing,
  },
  'subscription.setPreferredLayers': {
    summary: 'Choose the quality of a simulcast track by hand; null: the best the bandwidth carries.',
    request: z.object({ subscriptionId: SubscriptionId, layers: PreferredLayers.nullable() }),
    ack: Nothing,
  },
  'subscription.close': { summary: 'Give a track up.', request: z.object({ subscriptionId: SubscriptionId }), ack: Nothing },

  'chat.post': {
    summary: `Say something. At most ${chatBurstLimit} messages in ${chatBurstWindowMs / 1000} s, and one per slow-mode interval.`,
    request: z.object({ text: z.string().trim().min(1).max(maxChatTextLength) }),
    ack: z.object({ message: ChatMessage }),
  },
  'chat.delete': {
    summary: "Delete a message: one's own, or any for those who moderate.",
    request: z.object({ messageId: MessageId }),
    ack: Nothing,
  },
  'chat.setMuted': {
    summary: 'Keep someone from writing, or let them again. Moderators.',
    request: z.object({ userId: UserId, isMuted: z.boolean() }),
    ack: Nothing,
  },
  'chat.setSlowMode': {
    summary: 'Least time between two messages of one student; 0 switches it off. Moderators.',
    request: z.object({ intervalMs: z.number().int().min(0).max(maxSlowModeMs) }),
    ack: Nothing,
  },

  'hand.raise': { summary: 'Raise one\'s hand.', request: Nothing, ack: Nothing },
  'hand.lower': {
    summary: "Lower one's own hand, or another's for those who moderate.",
    request: z.object({ participantId: ParticipantId.optional() }),
    ack: Nothing,
  },
  'participant.remove': {
    summary: 'Take someone out of the room, the media and the chat, for the rest of the lecture. Moderators.',
    request: z.object({ userId: UserId }),
    ack: Nothing,
  },
} as const;

export type RequestName = keyof typeof requests;
export type RequestData<N extends RequestName> = z.infer<(typeof requests)[N]['request']>;
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['request']>;
export type AckData<N extends RequestName> = z.infer<(typeof requests)[N]['ack']>;
