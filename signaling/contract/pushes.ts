import * as z from 'zod';
import {
  ChatMessage,
  IngestHealth,
  LectureEndReason,
  LectureState,
  MessageId,
  Participant,
  ParticipantId,
  PreferredLayers,
  Publication,
  PublicationId,
  RecordingNote,
  RecordingState,
  SubscriptionId,
  UserId,
} from '#engine/contract';

/** Why a connection is no longer in the room. `replaced`: the same person came in from another page, as presenter or once too often. */
export const RoomCloseReason = z.enum(['lectureEnded', 'removed', 'replaced', 'stopping', 'left']);
export type RoomCloseReason = z.infer<typeof RoomCloseReason>;

/** Everything the server says by itself. A fact each, after the state has changed. */
export const pushes = {
  'lecture.changed': {
    summary: 'The lecture went live, was interrupted (its encoder is gone), resumed or ended.',
    data: z.object({ state: LectureState, lectureClockMs: z.number(), endReason: LectureEndReason.nullable() }),
  },
  'room.closed': {
    summary: 'This connection is out of the room, for good unless the reason is `stopping`.',
    data: z.object({ reason: RoomCloseReason, message: z.string() }),
  },
  'media.reset': {
    summary: 'The media worker was replaced: every transport, track and subscription is gone. Open, publish and subscribe anew; `rtpCapabilities` stay.',
    data: z.object({}),
  },
  'participant.joined': { summary: 'Someone came in. Sent while at most `rosterLimit` people are here.', data: z.object({ participant: Participant }) },
  'participant.left': { summary: 'Someone left. Sent while at most `rosterLimit` people are here.', data: z.object({ participantId: ParticipantId }) },
  'roster.counted': { summary: 'How many people are here, at most once a second.', data: z.object({ participantCount: z.number().int() }) },
  'track.published': { summary: 'A track can be subscribed to.', data: z.object({ publication: Publication }) },
  'track.changed': { summary: 'A track was muted or unmuted at its source.', data: z.object({ publication: Publication }) },
  'track.unpublished': { summary: 'A track is gone; its subscriptions are closed.', data: z.object({ publicationId: PublicationId }) },
  'subscription.layersChanged': {
    summary: 'The quality layer that flows now; null while none does.',
    data: z.object({ subscriptionId: SubscriptionId, layers: PreferredLayers.nullable() }),
  },
  'subscription.closed': { summary: 'A subscription ended on the server.', data: z.object({ subscriptionId: SubscriptionId }) },
  'chat.posted': { summary: 'A message, to everyone in the room, its author included; whoever has it from an ack knows it by its id.', data: z.object({ message: ChatMessage }) },
  'chat.deleted': { summary: 'A message is to disappear.', data: z.object({ messageId: MessageId }) },
  'chat.muted': { summary: 'Someone may not write, or may again.', data: z.object({ userId: UserId, isMuted: z.boolean() }) },
  'chat.slowModeChanged': { summary: 'Slow mode.', data: z.object({ intervalMs: z.number().int() }) },
  'hand.raised': { summary: 'A hand is up.', data: z.object({ participantId: ParticipantId }) },
  'hand.lowered': { summary: 'A hand is down.', data: z.object({ participantId: ParticipantId }) },
  'recording.changed': { summary: 'What the recorder is doing.', data: z.object({ state: RecordingState }) },
  'recording.noted': { summary: 'What is wrong with the disk or the store, and how much waits; null while nothing is. To those who present.', data: z.object({ note: RecordingNote.nullable() }) },
  'ingest.healthChanged': { summary: 'What the encoder sends, once a second; to those who present.', data: z.object({ health: IngestHealth.nullable() }) },
} as const;

export type PushName = keyof typeof pushes;
export type PushData<N extends PushName> = z.infer<(typeof pushes)[N]['data']>;
