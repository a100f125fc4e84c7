import { chatHistoryLimit } from '#engine/contract';
import type { ChatMessage, IngestHealth, Lecture, MediaGap, Participant, Publication, RecordingNote, RecordingState, UserId } from '#engine/contract';
import type { PushData, PushName, RoomSnapshot } from '#signaling/contract';
import type { AnyPush } from './SignalingClient.ts';

/** The state of the room on this page. Immutable: every change creates a new one. */
export interface RoomState {
  self: Participant;
  lecture: Lecture;
  /** Add this to `performance.now()` to get the lecture's clock, in ms. */
  clockOffsetMs: number;
  participants: readonly Participant[];
  /** People, not pages. */
  participantCount: number;
  /** Video or audio has been on the air. */
  hasBroadcast: boolean;
  /** The time without media in which the lecture is, on its clock. */
  gap: MediaGap | null;
  publications: readonly Publication[];
  chat: readonly ChatMessage[];
  slowModeMs: number;
  recording: RecordingState;
  recordingNote: RecordingNote | null;
  ingestHealth: IngestHealth | null;
}

/** The state after joining. Chat messages that are older than the snapshot are kept from before a reconnection. */
export function createRoomState(snapshot: RoomSnapshot, nowMs: number, earlier?: RoomState): RoomState {
  return {
    self: snapshot.self,
    lecture: snapshot.lecture,
    clockOffsetMs: snapshot.lectureClockMs - nowMs,
    participants: snapshot.participants,
    participantCount: snapshot.participantCount,
    hasBroadcast: snapshot.hasBroadcast,
    gap: snapshot.gap,
    publications: snapshot.publications,
    chat: [...olderMessages(snapshot, earlier), ...snapshot.chat],
    slowModeMs: snapshot.slowModeMs,
    recording: snapshot.recording,
    recordingNote: snapshot.recordingNote,
    ingestHealth: snapshot.ingestHealth,
  };
}

type Reducers = { [N in PushName]: (state: RoomState, data: PushData<N>, nowMs: number) => RoomState };

const unchanged = (state: RoomState) => state;

const reducers: Reducers = {
  'lecture.changed': (state, { state: lectureState, title, lectureClockMs }, nowMs) => ({
    ...state,
    lecture: { ...state.lecture, state: lectureState, title },
    clockOffsetMs: lectureClockMs - nowMs,
  }),
  'lecture.gapChanged': (state, { gap }) => ({ ...state, gap }),
  'room.closed': unchanged,
  'media.reset': unchanged,
  'transport.closed': unchanged,
  'participant.joined': (state, { participant }) => ({
    ...state,
    participants: [...state.participants.filter(({ id }) => id !== participant.id), participant],
  }),
  'participant.left': (state, { participantId }) => ({
    ...state,
    participants: state.participants.filter(({ id }) => id !== participantId),
  }),
  'roster.counted': (state, { participantCount }) => ({ ...state, participantCount }),
  'track.published': (state, { publication }) => withPublication(state, publication),
  'track.changed': (state, { publication }) => withPublication(state, publication),
  'track.unpublished': (state, { publicationId }) => ({
    ...state,
    publications: state.publications.filter(({ id }) => id !== publicationId),
  }),
  'subscription.layersChanged': unchanged,
  'subscription.closed': unchanged,
  'chat.posted': (state, { message }) => withMessage(state, message),
  'chat.deleted': (state, { messageId }) => ({ ...state, chat: state.chat.filter(({ id }) => id !== messageId) }),
  'chat.muted': (state, { userId, isMuted }) => withUser(state, userId, { isChatMuted: isMuted }),
  'chat.slowModeChanged': (state, { intervalMs }) => ({ ...state, slowModeMs: intervalMs }),
  'hand.raised': (state, { participantId, atMs }) => withHand(state, participantId, atMs),
  'hand.lowered': (state, { participantId }) => withHand(state, participantId, null),
  'recording.changed': (state, { state: recording }) => ({ ...state, recording }),
  'recording.noted': (state, { note }) => ({ ...state, recordingNote: note }),
  'ingest.healthChanged': (state, { health }) => ({ ...state, ingestHealth: health }),
};

/** The state after a push. A pure function. */
export function applyPush(state: RoomState, push: AnyPush, nowMs: number): RoomState {
  return reduce(state, push, nowMs);
}

function reduce<N extends PushName>(state: RoomState, push: { name: N; data: PushData<N> }, nowMs: number): RoomState {
  return reducers[push.name](state, push.data, nowMs);
}

/** Inserts a message by its time. A known message is not added twice. */
export function withMessage(state: RoomState, message: ChatMessage): RoomState {
  if (state.chat.some(({ id }) => id === message.id)) return state;
  const after = state.chat.findLastIndex(({ atMs }) => atMs <= message.atMs);
  return { ...state, chat: state.chat.toSpliced(after + 1, 0, message) };
}

function withPublication(state: RoomState, publication: Publication): RoomState {
  const isKnown = state.publications.some(({ id }) => id === publication.id);
  const publications = isKnown
    ? state.publications.map((known) => (known.id === publication.id ? publication : known))
    : [...state.publications, publication];
  return { ...state, publications, hasBroadcast: true };
}

function withUser(state: RoomState, userId: UserId, change: Partial<Participant>): RoomState {
  const changed = (participant: Participant) => (participant.userId === userId ? { ...participant, ...change } : participant);
  return { ...state, self: changed(state.self), participants: state.participants.map(changed) };
}

function withHand(state: RoomState, participantId: string, handRaisedAtMs: number | null): RoomState {
  const isHandRaised = handRaisedAtMs !== null;
  const changed = (participant: Participant) => (participant.id === participantId ? { ...participant, isHandRaised, handRaisedAtMs } : participant);
  return { ...state, self: changed(state.self), participants: state.participants.map(changed) };
}

function olderMessages({ chat, deletedChat }: RoomSnapshot, earlier: RoomState | undefined): readonly ChatMessage[] {
  const [first] = chat;
  if (!earlier || !first || chat.length < chatHistoryLimit) return [];
  return earlier.chat.filter(({ id, atMs }) => atMs < first.atMs && !deletedChat.includes(id));
}
