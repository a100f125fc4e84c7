import * as z from 'zod';
import {
  ChatMessage,
  IngestHealth,
  LectureEndReason,
  LectureState,
  MediaGap,
  MessageId,
  Participant,
  ParticipantId,
  PreferredLayers,
  Publication,
  PublicationId,
  RecordingNote,
  RecordingState,
  SubscriptionId,
  TransportId,
  UserId,
} from '#engine/contract';
import { rosterCountIntervalMs, rosterLimit } from './limits.ts';

/**
 * Why the server closes a connection. `removed`: from the lecture; `removedFromCourse`; `roleChanged`: the role allows less than
 * before; `signedOut`: the login ended; `replaced`: the same user joined from too many pages; `moved`: the lecture continues on
 * another server.
 */
export const RoomCloseReason = z.enum(['lectureEnded', 'removed', 'removedFromCourse', 'roleChanged', 'signedOut', 'replaced', 'stopping', 'moved', 'left']);
export type RoomCloseReason = z.infer<typeof RoomCloseReason>;

/** The pushes, in one table. The server sends each after the state has changed. */
export const pushes = {
  'lecture.changed': {
    summary: 'The lecture was interrupted (no media arrives), resumed, renamed or ended.',
    data: z.object({
      state: LectureState,
      title: z.string(),
      lectureClockMs: z.number(),
      endReason: LectureEndReason.nullable().describe('Null until the lecture has ended.'),
    }),
  },
  'lecture.gapChanged': { summary: 'Media is missing, or arrives again.', data: z.object({ gap: MediaGap.nullable().describe('Null while media arrives.') }) },
  'room.closed': {
    summary: 'The server closes this connection. If the reason is `stopping` or `moved`, join again in a moment. For any other reason, join again only when the user asks for it.',
    data: z.object({ reason: RoomCloseReason, message: z.string().describe('A sentence for people.') }),
  },
  'media.reset': {
    summary: 'The media worker was replaced. All transports, tracks and subscriptions of this connection are closed: open, publish and subscribe again. `rtpCapabilities` and the publications of encoders have not changed.',
    data: z.object({}),
  },
  'transport.closed': {
    summary: 'The media worker of a `recv` transport was lost. The transport and its subscriptions are closed; the lecture continues. Open another transport and subscribe again.',
    data: z.object({ transportId: TransportId }),
  },
  'participant.joined': { summary: `Someone joined. Sent while at most ${rosterLimit} people are in the room.`, data: z.object({ participant: Participant }) },
  'participant.left': { summary: `Someone left. Sent while at most ${rosterLimit} people are in the room.`, data: z.object({ participantId: ParticipantId }) },
  'roster.counted': {
    summary: `The number of people has changed. At most one in ${rosterCountIntervalMs} ms.`,
    data: z.object({ participantCount: z.number().int() }),
  },
  'track.published': { summary: 'A track can be subscribed to. Not sent to its publisher.', data: z.object({ publication: Publication }) },
  'track.changed': { summary: 'A track was paused or resumed by its publisher, or has gone to standby or on the air (`isStandby`).', data: z.object({ publication: Publication }) },
  'track.unpublished': { summary: 'A track has ended. Its subscriptions have ended, too.', data: z.object({ publicationId: PublicationId }) },
  'subscription.layersChanged': {
    summary: 'The server now sends other layers of a subscription.',
    data: z.object({ subscriptionId: SubscriptionId, layers: PreferredLayers.nullable().describe('Null while no layer is sent.') }),
  },
  'subscription.closed': {
    summary: 'The server has closed a subscription: its track ended or is on standby, or another subscription replaced it.',
    data: z.object({ subscriptionId: SubscriptionId }),
  },
  'chat.posted': {
    summary: 'A message was posted. Sent to everyone, including its author, who also receives it in the acknowledgement, with the same id.',
    data: z.object({ message: ChatMessage }),
  },
  'chat.deleted': { summary: 'A message was deleted.', data: z.object({ messageId: MessageId }) },
  'chat.muted': { summary: 'A user was muted or unmuted in the chat.', data: z.object({ userId: UserId, isMuted: z.boolean() }) },
  'chat.slowModeChanged': { summary: 'Slow mode was set.', data: z.object({ intervalMs: z.number().int().describe('0 is off.') }) },
  'hand.raised': { summary: 'A participant raised their hand.', data: z.object({ participantId: ParticipantId, atMs: z.number().describe('On the lecture clock.') }) },
  'hand.lowered': { summary: 'The hand of a participant was lowered.', data: z.object({ participantId: ParticipantId }) },
  'recording.changed': { summary: 'The state of the recording has changed.', data: z.object({ state: RecordingState }) },
  'recording.noted': {
    summary: 'The problems of the recording have changed. Sent to presenters.',
    data: z.object({ note: RecordingNote.nullable().describe('Null if there are no problems.') }),
  },
  'ingest.healthChanged': {
    summary: 'What the encoder sends, once a second. Sent to presenters.',
    data: z.object({ health: IngestHealth.nullable().describe('Null without an encoder.') }),
  },
} as const;

export type PushName = keyof typeof pushes;
export type PushData<N extends PushName> = z.infer<(typeof pushes)[N]['data']>;
