import { describe, expect, it } from 'vitest';
import type { ChatMessage, Participant, Publication } from '#engine/contract';
import type { RoomSnapshot } from '#signaling/contract';
import { listPeople } from './listPeople.ts';
import { applyPush, createRoomState, withMessage } from './roomState.ts';
import type { RoomState } from './roomState.ts';
import type { AnyPush } from './SignalingClient.ts';

const id = (prefix: string, last: string) => `${prefix}_${'0'.repeat(20 - last.length)}${last}`;

function participant(last: string, change: Partial<Participant> = {}): Participant {
  return {
    id: id('prt', last),
    userId: id('usr', last),
    displayName: `Person ${last}`,
    kind: 'viewer',
    role: 'student',
    joinedAtMs: 0,
    isHandRaised: false,
    handRaisedAtMs: null,
    isChatMuted: false,
    ...change,
  } as Participant;
}

function message(last: string, atMs: number): ChatMessage {
  return { id: id('msg', last), userId: id('usr', '1'), displayName: 'Person 1', role: 'student', text: last, atMs } as ChatMessage;
}

function publication(last: string, change: Partial<Publication> = {}): Publication {
  return { id: id('pub', last), participantId: id('prt', '9'), source: 'camera', kind: 'video', isPaused: false, isSimulcast: true, isStandby: false, ...change } as Publication;
}

function snapshot(change: Partial<RoomSnapshot> = {}): RoomSnapshot {
  const self = participant('1');
  return {
    self,
    lecture: { id: id('lec', '1'), courseId: id('crs', '1'), title: 'Eigenvalues', state: 'live', scheduledAt: null, startedAt: null, endedAt: null, isRecorded: true },
    lectureClockMs: 60_000,
    participants: [self],
    participantCount: 1,
    hasBroadcast: false,
    gap: null,
    publications: [],
    chat: [],
    deletedChat: [],
    slowModeMs: 0,
    recording: 'recording',
    recordingNote: null,
    ingestHealth: null,
    rtpCapabilities: {},
    ...change,
  } as RoomSnapshot;
}

const entered = (change: Partial<RoomSnapshot> = {}) => createRoomState(snapshot(change), 1_000);
const after = (state: RoomState, ...pushes: AnyPush[]) => pushes.reduce((now, push) => applyPush(now, push, 2_000), state);

describe('the state of a room', () => {
  it('continues the lecture clock from the time of joining', () => {
    expect(entered().clockOffsetMs).toBe(59_000);
  });

  it('adds and removes participants and lists nobody twice', () => {
    const ada = participant('2');
    const state = after(entered(), { name: 'participant.joined', data: { participant: ada } }, { name: 'participant.joined', data: { participant: ada } });
    expect(state.participants).toHaveLength(2);
    expect(after(state, { name: 'participant.left', data: { participantId: ada.id } }).participants).toHaveLength(1);
  });

  it('adds, changes and removes publications', () => {
    const camera = publication('1');
    const published = after(entered(), { name: 'track.published', data: { publication: camera } });
    expect(published.publications).toEqual([camera]);
    const muted = after(published, { name: 'track.changed', data: { publication: { ...camera, isPaused: true } } });
    expect(muted.publications).toEqual([{ ...camera, isPaused: true }]);
    expect(after(muted, { name: 'track.unpublished', data: { publicationId: camera.id } }).publications).toEqual([]);
  });

  it('inserts a message by its time, once', () => {
    const state = entered({ chat: [message('1', 1), message('3', 3)] });
    const added = withMessage(state, message('2', 2));
    expect(added.chat.map(({ text }) => text)).toEqual(['1', '2', '3']);
    expect(withMessage(added, message('2', 2))).toBe(added);
  });

  it('removes a deleted message', () => {
    const state = entered({ chat: [message('1', 1)] });
    expect(after(state, { name: 'chat.deleted', data: { messageId: message('1', 1).id } }).chat).toEqual([]);
  });

  it('mutes every tab of a user, this page included', () => {
    const state = entered();
    const muted = after(state, { name: 'chat.muted', data: { userId: state.self.userId, isMuted: true } });
    expect(muted.self.isChatMuted).toBe(true);
    expect(muted.participants[0]?.isChatMuted).toBe(true);
  });

  it('raises and lowers a hand', () => {
    const state = entered();
    const raised = after(state, { name: 'hand.raised', data: { participantId: state.self.id, atMs: 5000 } });
    expect([raised.self.isHandRaised, raised.self.handRaisedAtMs]).toEqual([true, 5000]);
    expect(after(raised, { name: 'hand.lowered', data: { participantId: state.self.id } }).self.isHandRaised).toBe(false);
  });

  it('updates the state, the title and the clock of the lecture', () => {
    const state = after(entered(), { name: 'lecture.changed', data: { state: 'interrupted', title: 'More waves', lectureClockMs: 70_000, endReason: null } });
    expect(state.lecture).toMatchObject({ state: 'interrupted', title: 'More waves' });
    expect(state.clockOffsetMs).toBe(68_000);
  });

  it('drops messages that were deleted while the page was disconnected', () => {
    const earlier = entered({ chat: [message('1', 1), message('2', 2)] });
    expect(createRoomState(snapshot({ chat: [message('2', 2)] }), 0, earlier).chat.map(({ text }) => text)).toEqual(['2']);
  });

  it('keeps messages older than the history after a reconnection, unless they were deleted meanwhile', () => {
    const history = Array.from({ length: 200 }, (_, index) => message(String(index + 10), index + 10));
    const earlier = entered({ chat: [message('1', 1)] });
    expect(createRoomState(snapshot({ chat: history }), 0, earlier).chat).toHaveLength(201);
    const { id: deleted } = message('1', 1);
    expect(createRoomState(snapshot({ chat: history, deletedChat: [deleted] }), 0, earlier).chat).toHaveLength(200);
  });
});

describe('the list of people', () => {
  it('shows raised hands first, then instructors, then everyone by name, and a person with two tabs once', () => {
    const grace = participant('3', { displayName: 'Grace' });
    const people = listPeople([
      participant('2', { displayName: 'Zoe' }),
      grace,
      { ...grace, id: participant('4').id, isHandRaised: true },
      participant('5', { displayName: 'Ada', role: 'owner', kind: 'presenter' }),
      participant('7', { displayName: 'Bob' }),
    ]);
    expect(people.map(({ displayName }) => displayName)).toEqual(['Grace', 'Ada', 'Bob', 'Zoe']);
    expect(people[0]?.isHandRaised).toBe(true);
  });
});
