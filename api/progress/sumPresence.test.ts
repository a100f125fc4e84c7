import { describe, expect, it } from 'vitest';
import { ParticipantId, UserId } from '#engine/contract';
import type { LectureEvent } from '#engine/contract';
import { newId } from '#engine/kernel';
import { sumPresence } from './sumPresence.ts';

const [sam, sue] = [UserId.parse(newId('usr')), UserId.parse(newId('usr'))];
const ids = Array.from({ length: 4 }, () => ParticipantId.parse(newId('prt')));
const id = (number: number) => ids[number] ?? ParticipantId.parse('');

type Body = { [T in LectureEvent['type']]: Extract<LectureEvent, { type: T }> extends { data: infer D } ? { type: T; data: D } : never }[LectureEvent['type']];

const at = (minute: number, body: Body): LectureEvent => ({ ...body, seq: minute + 1, atMs: minute * 60_000 });
const join = (minute: number, number: number, userId = sam) => at(minute, { type: 'participant.joined', data: { participantId: id(number), userId, displayName: '', kind: 'viewer', role: 'student' } });
const leave = (minute: number, number: number, userId = sam) => at(minute, { type: 'participant.left', data: { participantId: id(number), userId, reason: 'left' } });
const start = at(0, { type: 'lecture.started', data: {} });
const end = at(60, { type: 'lecture.ended', data: { reason: 'presenter' } });

function minutesOf(events: LectureEvent[], sealedAt: number[] = []) {
  const { lectureMs, presentMs } = sumPresence(events, sealedAt.map((minute) => minute * 60_000));
  return { lecture: lectureMs / 60_000, sam: (presentMs.get(sam) ?? 0) / 60_000, sue: (presentMs.get(sue) ?? 0) / 60_000 };
}

describe('the presence in a lecture', () => {
  it('is the time between joining and leaving, or until the end', () => {
    expect(minutesOf([start, join(5, 0), join(10, 1, sue), leave(35, 0), end])).toEqual({ lecture: 60, sam: 30, sue: 50 });
  });

  it('adds several visits, and counts two devices at once only once', () => {
    expect(minutesOf([start, join(0, 0), leave(10, 0), join(20, 1), join(25, 2), leave(30, 1), leave(40, 2), end]).sam).toBe(30);
  });

  it('goes on for those who join again after the process of the lecture died, and ends there for the others', () => {
    const events = [start, join(0, 0), join(0, 1, sue), join(32, 2), leave(50, 2), end];
    expect(minutesOf(events, [30])).toEqual({ lecture: 60, sam: 50, sue: 30 });
    expect(minutesOf([start, join(0, 0), end], [20]).sam).toBe(20);
  });

  it('does not go beyond the end, and is nothing in an empty log', () => {
    expect(minutesOf([start, join(50, 0), end, leave(90, 0)]).sam).toBe(10);
    expect(minutesOf([])).toEqual({ lecture: 0, sam: 0, sue: 0 });
  });
});
